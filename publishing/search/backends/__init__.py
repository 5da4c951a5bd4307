"""What differs between the databases: where tokens are stored, and how they are asked for."""

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import BaseDatabaseWrapper

from publishing.search.backends.base import Backend
from publishing.search.backends.postgresql import PostgreSQLBackend
from publishing.search.backends.sqlite import SQLiteBackend

__all__ = ["Backend", "backend_for"]

BACKENDS: dict[str, type[Backend]] = {
    "sqlite": SQLiteBackend,
    "postgresql": PostgreSQLBackend,
}


def backend_for(connection: BaseDatabaseWrapper) -> Backend:
    """The search backend of a database connection.

    Raises ``ImproperlyConfigured`` for databases other than SQLite and PostgreSQL.
    """
    try:
        return BACKENDS[connection.vendor](connection)
    except KeyError as error:
        raise ImproperlyConfigured(
            f"Search works on SQLite and PostgreSQL, not on {connection.vendor}."
        ) from error
