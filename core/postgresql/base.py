"""The engine: Django's, with connections that do not wait for a server that hangs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQLWrapper

from core.postgresql.silence import server_at, watched

DEFAULT_PORT = 5432
UNIX_SOCKETS = "/var/run/postgresql"


class WatchedConnection(psycopg.Connection[Any]):
    """Raises ``psycopg.OperationalError`` when the server falls silent in a statement."""

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        server = server_at(self.pgconn.host.decode(), int(self.pgconn.port))
        return super().wait(watched(gen, server, self._give_up), *args, **kwargs)

    def _give_up(self) -> psycopg.OperationalError:
        """Close at once: nobody knows what the server still does with this connection."""
        self.pgconn.finish()
        return psycopg.OperationalError("The server does not answer.")


def connect(**parameters: Any) -> WatchedConnection:
    """As ``psycopg.connect``; fails at once while the server is known to hang."""
    host, port = str(parameters.get("host") or UNIX_SOCKETS), parameters.get("port") or DEFAULT_PORT
    # Of several hosts psycopg tries one after the other, each no longer than connect_timeout.
    is_known = "," not in host and "service" not in parameters
    if is_known and not server_at(host, int(port)).may_be_asked():
        raise psycopg.OperationalError("The server does not answer.")
    return WatchedConnection.connect(**parameters)


class DatabaseWrapper(PostgreSQLWrapper):
    """Names of errors and all else are Django's and psycopg's."""

    Database = SimpleNamespace(**{**vars(psycopg), "connect": connect})
