"""Commands of operators: what is wrong, maintenance, figures, copies."""
