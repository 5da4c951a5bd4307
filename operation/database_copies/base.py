"""What a copy of a database consists of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

#: Name of a table → its rows, and their checksum where the database computes it.
Tables = dict[str, list[Any]]
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY app, name"
#: References and moments of erasures; nobody's name.
ERASURES = (
    "SELECT DISTINCT reference, done_at FROM inquiries_datarequest "
    "WHERE kind IN ('erasure', 'retention') AND done_at IS NOT NULL ORDER BY done_at, reference"
)


class DatabaseCopies(ABC):
    """One kind of database."""

    #: Name of the copy in the archive.
    member: str

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.migrations: list[list[str]] = []
        #: What was erased before the copy was taken: [reference, moment].
        self.erasures: list[list[str]] = []

    @abstractmethod
    def take(self, target: Path) -> Tables:
        """Write a copy into ``target`` and say what is in it, both of the same moment."""

    @abstractmethod
    def is_empty(self) -> bool:
        """Whether there is no table. Makes nothing."""

    def room(self) -> Path:
        """A folder for the copy until it is put back."""
        return settings.DATA_DIR

    @abstractmethod
    def put_back(self, source: Path, tables: Tables) -> None:
        """Restore the copy into the empty database, whole or not at all.

        Raises ``Refused`` if what is then in the database is not ``tables``.
        """
