"""Django's engine for PostgreSQL, made to notice a server that hangs."""
