"""A consistent copy of the database in one file, taken while others write, and put back."""

from django.db.backends.base.base import BaseDatabaseWrapper

from operation.archive import Refused
from operation.database_copies.base import DatabaseCopies
from operation.database_copies.postgresql import PostgreSQLCopies
from operation.database_copies.sqlite import SQLiteCopies

__all__ = ["copies_for"]

COPIES: dict[str, type[DatabaseCopies]] = {
    "sqlite": SQLiteCopies,
    "postgresql": PostgreSQLCopies,
}


def copies_for(connection: BaseDatabaseWrapper) -> DatabaseCopies:
    """What takes and puts back copies of this connection's database."""
    if connection.vendor not in COPIES:
        raise Refused(f"Backups are made of SQLite and PostgreSQL, not of {connection.vendor}.")
    return COPIES[connection.vendor](connection)
