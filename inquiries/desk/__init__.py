"""Pages of the desk beside Django's own lists and forms."""
