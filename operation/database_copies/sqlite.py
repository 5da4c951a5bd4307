"""SQLite: the online backup interface. Copying the file itself gives broken copies."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from operation.archive import Refused
from operation.database_copies.base import ERASURES, MIGRATIONS, DatabaseCopies, Tables

#: Real tables: those behind the search index are counted with it.
TABLES = (
    "SELECT name FROM pragma_table_list "
    "WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%' "
    "ORDER BY name"
)


class SQLiteCopies(DatabaseCopies):
    """The copy is a database file again, as it was at one moment."""

    member = "database/db.sqlite3"

    @property
    def path(self) -> Path:
        return Path(self.connection.settings_dict["NAME"])

    def take(self, target: Path) -> Tables:
        if not self.path.is_file():
            raise Refused(f"There is no database at {self.path}: run bootstrap first.")
        with (
            closing(sqlite3.connect(self.path, timeout=60)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            # All pages in one step: one reading of a log that writers go on writing to.
            # In several steps each write of another process would begin the copy anew.
            source.backup(copy, pages=-1)
            # Without a journal beside it, so that one file is the whole of it.
            copy.execute("PRAGMA journal_mode=DELETE")
        with closing(sqlite3.connect(target)) as copy:
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise Refused("The database is damaged: PRAGMA integrity_check says where.")
            tables = counted(copy)
            self.migrations = [list(row) for row in copy.execute(MIGRATIONS)]
            self.erasures = [list(row) for row in copy.execute(ERASURES)]
        return tables

    def is_empty(self) -> bool:
        if not self.path.is_file() or not self.path.stat().st_size:
            return True
        with closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True)) as database:
            try:
                return not counted(database)
            except sqlite3.DatabaseError:
                return False

    def room(self) -> Path:
        """Beside its place: only on the same disk it is put there in one step."""
        return self.path.parent

    def put_back(self, source: Path, tables: Tables) -> None:
        with closing(sqlite3.connect(source)) as copy:
            if counted(copy) != tables:
                raise Refused("The tables of the archive are not those of its manifest.")
        self.connection.close()
        for journal in ("-wal", "-shm", "-journal"):
            Path(f"{self.path}{journal}").unlink(missing_ok=True)
        source.chmod(0o600)
        os.replace(source, self.path)


def counted(database: sqlite3.Connection) -> Tables:
    """Rows of each table. The file as a whole has a checksum, so its tables need none."""
    names = [name for (name,) in database.execute(TABLES)]
    return {
        name: [database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]]  # noqa: S608 - our tables
        for name in names
    }
