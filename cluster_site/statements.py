"""A limit to what one page may ask of PostgreSQL.

Only the doors for web servers call this: migrations, commands and the task worker take the time
they need.
"""

from django.conf import settings


def limit_statements() -> None:
    """Have PostgreSQL stop a statement of this process that runs too long.

    Without a limit, a few slow pages hold all threads and all connections, and nothing is
    answered any more. The limit goes along when a connection is made, so it costs no query; one
    in ``DATABASE_URL`` wins.
    """
    database = settings.DATABASES["default"]
    seconds = settings.DATABASE_STATEMENT_TIMEOUT
    if seconds and database["ENGINE"].endswith("postgresql"):
        options = database["OPTIONS"]
        limit = f"-c statement_timeout={seconds * 1000}"
        options["options"] = f"{limit} {options.get('options', '')}".strip()
