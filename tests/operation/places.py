"""A second database beside that of the tests, to restore or copy into."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

OTHER = "other"


@contextmanager
def another_database(folder: Path) -> Iterator[str]:
    """Alias of an empty database of the same kind, which is gone afterwards."""
    used = connections["default"]
    name = str(folder / "other.sqlite3")
    if used.vendor == "postgresql":
        name = f"{used.settings_dict['NAME']}_other"
        _execute(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}"')
    connections.settings[OTHER] = {**used.settings_dict, "NAME": name}
    # Tests may only connect to databases that are in the settings.
    connections[OTHER].ensure_connection = partial(connect, connections[OTHER])
    try:
        yield OTHER
    finally:
        connections[OTHER].close()
        del connections[OTHER]
        del connections.settings[OTHER]
        if used.vendor == "postgresql":
            _execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def connect(connection: BaseDatabaseWrapper) -> None:
    if connection.connection is None:
        connection.connect()


def _execute(*statements: str) -> None:
    """None of this may be done in a transaction."""
    connection = connections["default"].copy()
    try:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
    finally:
        connection.close()
