"""PostgreSQL: ``pg_dump`` and ``pg_restore``, both in one transaction."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo

from operation.archive import Refused
from operation.database_copies.base import ERASURES, MIGRATIONS, DatabaseCopies, Tables

DEBIAN_FOLDER = Path("/usr/lib/postgresql")
TABLES = (
    "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p') "
    "AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname"
)
#: Rows, and a checksum of them that does not depend on their order.
SUM = (
    "SELECT count(*), coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)"
    '::text FROM "{table}" t'
)
#: How values are written out must be the same on both sides.
FORMS = (
    "SET TIME ZONE 'UTC'",
    "SET datestyle = 'ISO, YMD'",
    "SET extra_float_digits = 1",
    "SET bytea_output = 'hex'",
    "SET intervalstyle = 'postgres'",
)
#: Parameters of psycopg that libpq does not know.
PYTHON_ONLY = ("context", "cursor_factory", "prepare_threshold", "password")


class PostgreSQLCopies(DatabaseCopies):
    """The copy is a dump in PostgreSQL's custom format, which is compressed already."""

    member = "database/postgresql.dump"

    def take(self, target: Path) -> Tables:
        with own_connection(self.connection) as connection, connection.cursor() as cursor:
            program = client_program("pg_dump", connection.pg_version // 10_000)
            # Rows are counted in the very snapshot that is dumped: others go on writing.
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            self.run(
                program,
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                f"--snapshot={snapshot}",
                f"--file={target}",
            )
            tables = summed(cursor)
            cursor.execute(MIGRATIONS)
            self.migrations = [list(row) for row in cursor.fetchall()]
            cursor.execute(ERASURES)
            self.erasures = [[reference, at.isoformat()] for reference, at in cursor.fetchall()]
            cursor.execute("COMMIT")
        return tables

    def is_empty(self) -> bool:
        with own_connection(self.connection) as connection, connection.cursor() as cursor:
            cursor.execute(TABLES)
            return not cursor.fetchall()

    def put_back(self, source: Path, tables: Tables) -> None:
        with own_connection(self.connection) as connection, connection.cursor() as cursor:
            program = client_program("pg_restore", connection.pg_version // 10_000)
            self.run(
                program,
                "--exit-on-error",
                "--single-transaction",
                "--no-owner",
                "--no-privileges",
                str(source),
            )
            found = summed(cursor)
        if found != tables:
            different = [name for name in {*found, *tables} if found.get(name) != tables.get(name)]
            raise Refused(
                f"Restored, but not what was saved: {', '.join(sorted(different))}. "
                "Drop this database and try another archive."
            )

    def run(self, program: Path, *arguments: str) -> None:
        """Run a program of PostgreSQL on this database. The password is in no list of processes."""
        parameters = {
            name: value
            for name, value in self.connection.get_connection_params().items()
            if name not in PYTHON_ONLY
        }
        password = self.connection.settings_dict["PASSWORD"]
        result = subprocess.run(  # noqa: S603 - a program of PostgreSQL
            [str(program), *arguments, f"--dbname={make_conninfo(**parameters)}"],
            env={"PATH": os.defpath, "LC_ALL": "C"}
            | ({"PGPASSWORD": password} if password else {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if result.returncode:
            raise Refused(f"{program.name} failed: {first_error(result.stderr)}")


@contextmanager
def own_connection(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """A second connection with the same settings, whose transactions are nobody else's."""
    own = connection.copy(alias=f"{connection.alias}_copies")
    try:
        with own.cursor() as cursor:
            for form in FORMS:
                cursor.execute(form)
        yield own
    finally:
        own.close()


def summed(cursor: Any) -> Tables:
    """Rows and checksum of each table, computed by the server."""
    cursor.execute(TABLES)
    tables: Tables = {}
    for (name,) in cursor.fetchall():
        cursor.execute(SUM.format(table=name))
        tables[name] = list(cursor.fetchone())
    return tables


def first_error(output: str) -> str:
    """What went wrong in one line, without the rows that PostgreSQL quotes behind it."""
    lines = [line for line in output.splitlines() if "error" in line.lower()]
    return (lines or output.splitlines() or ["it said nothing"])[0][:300]


def client_program(name: str, server: int, folder: Path = DEBIAN_FOLDER) -> Path:
    """The program nearest to the server's version and not older: an older one cannot read it."""
    found: dict[int, Path] = {}
    on_path = shutil.which(name)
    for path in [*([Path(on_path)] if on_path else []), *folder.glob(f"*/bin/{name}")]:
        found[version_of(path)] = path
    fitting = [version for version in found if version >= server]
    if fitting:
        return found[min(fitting)]
    remedy = f"apt-get install postgresql-client-{server}"
    if found:
        raise Refused(f"{name} {max(found)} is older than the server ({server}): {remedy}")
    raise Refused(f"{name} is not installed: {remedy}")


def version_of(program: Path) -> int:
    """Its major version: "pg_dump (PostgreSQL) 15.14" → 15; 0 if it does not say."""
    try:
        said = subprocess.run(  # noqa: S603 - the same
            [str(program), "--version"], capture_output=True, text=True, check=False
        ).stdout
    except OSError:
        return 0
    match = re.search(r"\) (\d+)", said)
    return int(match[1]) if match else 0
