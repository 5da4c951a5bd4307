"""Two nodes behind nginx with all servers they need, each of which is broken in turn."""
