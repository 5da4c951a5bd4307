"""``manage.py copy_database``: from the database in one file to a server, with everything."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import environ
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from core import read_only
from operation.row_copy import (
    FILLED_BY_MIGRATIONS,
    clear,
    copied_models,
    copy_table,
    reset_sequences,
    strangers,
)
from publishing.generation import announce_change
from publishing.search.index import rebuild_index
from publishing.search_models import SearchEntry

SOURCE = "copied_from"
SCHEMES = ("sqlite:///", "postgres://", "postgresql://")


class Command(BaseCommand):
    """All of it in one transaction of the target: whatever is wrong, the target stays empty."""

    requires_system_checks = ()

    help = "Copy all rows of another database into the configured one, which must be empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="address",
            required=True,
            metavar="URL",
            help="sqlite:////path/db.sqlite3",
        )

    def handle(self, *, address: str, **options: object) -> None:
        target = connections[DEFAULT_DB_ALIAS]
        try:
            with source_database(address) as source:
                self.compare_places(source, target)
                with transaction.atomic(SOURCE), transaction.atomic():
                    self.copy(source, target)
        except Error as error:
            # Its text may quote rows.
            raise CommandError(
                f"Nothing was copied: the database answered with {type(error).__name__}"
                + (f" at {self.table}." if self.table else ".")
            ) from None
        announce_change()
        self.stdout.write(
            "Everything was copied and compared. Restart web server and task worker with the new "
            "DATABASE_URL; keep the old database until you have looked around."
        )

    #: Which one was at work, for an error.
    table = ""

    def compare_places(self, source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
        """Everything that would end in half a copy is found before the first row."""
        if not source.introspection.table_names():
            raise CommandError("There are no tables to copy from.")
        here, there = (
            set(MigrationRecorder(connection).applied_migrations())
            for connection in (target, source)
        )
        if here != there:
            raise CommandError(
                "The two databases have different tables: run manage.py bootstrap "
                "--without-content with this code on both."
            )
        if unknown := strangers(source):
            raise CommandError(f"Nobody knows how to copy these tables: {', '.join(unknown)}.")
        for model in copied_models():
            table = model._meta.db_table
            if table not in FILLED_BY_MIGRATIONS and model._base_manager.exists():
                raise CommandError(f"The target is not empty ({table}): take a new database.")
        if not read_only.is_on():
            self.stdout.write(
                "The portal is not read-only: what is written from now on is not in the copy."
            )

    def copy(self, source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
        tables = copied_models()
        clear(tables, target)
        different = []
        for model in tables:
            self.table = model._meta.db_table
            read, written = copy_table(model, source, target)
            is_same = read == written
            self.stdout.write(
                f"{self.table}: {read.rows:,} rows, {read.checksum}, "
                + ("the same" if is_same else f"but {written.rows:,} rows, {written.checksum}")
            )
            different += [] if is_same else [self.table]
        if different:
            raise CommandError(f"Nothing was copied: {', '.join(different)} came out different.")
        reset_sequences(tables, target)
        self.table = "a row that points to another"
        target.check_constraints()
        ContentType.objects.clear_cache()
        self.table = SearchEntry._meta.db_table
        entries = sum(rebuild_index().values())
        before = SearchEntry.objects.using(SOURCE).count()
        self.stdout.write(
            f"Search index: {entries:,} entries written anew"
            + ("" if entries == before else f" (there were {before:,}: some were out of step)")
        )


@contextmanager
def source_database(address: str) -> Iterator[BaseDatabaseWrapper]:
    """A connection beside the configured one, which is not written to."""
    given: dict[str, Any] = {}
    if address.startswith(SCHEMES):
        with suppress(ImproperlyConfigured, ValueError, KeyError, TypeError):
            given = dict(environ.Env.db_url_config(address))
    if not given.get("NAME"):
        raise CommandError("--from is not understood: write sqlite:////path/db.sqlite3")
    if given["ENGINE"].endswith("sqlite3"):
        path = Path(given["NAME"]).resolve()
        if not path.is_file():
            raise CommandError(f"There is no database at {path}.")
        given["NAME"] = f"{path.as_uri()}?mode=ro"
        given["OPTIONS"] = {"uri": True}
    configured = connections.configure_settings({DEFAULT_DB_ALIAS: given})[DEFAULT_DB_ALIAS]
    connections.settings[SOURCE] = configured
    try:
        yield connections[SOURCE]
    finally:
        connections[SOURCE].close()
        del connections[SOURCE]
        del connections.settings[SOURCE]
