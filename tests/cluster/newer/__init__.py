"""What the next release brings: a column that the present code does not know."""
