"""``manage.py bootstrap``: everything between an installed checkout and a running portal.

One process for all steps, because starting Django costs a second each time, and each step first
looks whether there is anything to do: a second start is a matter of a second or two.
"""

import hashlib
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from core import static_storage
from core.table_statistics import renew_table_statistics
from portal import starter_content, starter_files
from publishing.search.index import EDITION, rebuild_index
from publishing.search_models import SearchEntry


class Command(BaseCommand):
    """Safe to run at every start, on an empty and on a full database."""

    # The checks load every address and form of the portal, half of a second start. `make check`
    # and the server itself do the same.
    requires_system_checks = ()

    help = "Migrate, compile, collect static files, load starter content, ensure an admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--without-content",
            action="store_true",
            help="Leave out the starter content and the first account.",
        )

    def handle(self, *, without_content: bool, **options: object) -> None:
        if is_migration_due():
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)
        call_command("compile_translations", verbosity=0)
        if not settings.DEBUG:
            self.collect_static()
        self.rebuild_search()
        if not without_content:
            self.load_starter()
            call_command("ensure_admin", stdout=self.stdout)
        renew_table_statistics()

    def collect_static(self) -> None:
        """Hash and compress the static files."""
        mark = Mark(Path(settings.STATIC_ROOT) / ".fingerprint", static_fingerprint())
        if mark.is_set():
            return
        self.stdout.write("Collecting static files …")
        mark.unset()
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        mark.set()

    def rebuild_search(self) -> None:
        """Write the index anew if an older portal wrote it. An empty database has none."""
        mark = Mark(settings.DATA_DIR / "search.fingerprint", search_fingerprint())
        if mark.is_set():
            return
        if SearchEntry.objects.exists():
            self.stdout.write("Writing the search index …")
            rebuild_index()
        mark.set()

    def load_starter(self) -> None:
        """Load the starter content, unless these files are in this database already."""
        mark = Mark(settings.DATA_DIR / "starter.fingerprint", starter_fingerprint())
        if mark.is_set():
            return
        self.stdout.write("Loading the starter content …")
        call_command("load_starter", verbosity=0, stdout=self.stdout)
        mark.set()


class Mark:
    """A file that says for which state of its sources a step was last done to its end."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self.path = path
        self.fingerprint = fingerprint

    def is_set(self) -> bool:
        return self.path.exists() and self.path.read_text(encoding="ascii") == self.fingerprint

    def unset(self) -> None:
        """Before a step whose half would be mistaken for the whole."""
        self.path.unlink(missing_ok=True)

    def set(self) -> None:
        self.path.write_text(self.fingerprint, encoding="ascii")


def is_migration_due() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_fingerprint() -> str:
    """Of all static files of all apps, and of how they are stored."""
    files = [
        Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])
    ]
    code = Path(static_storage.__file__)
    return fingerprint([*files, code], str(settings.STORAGES["staticfiles"]))


def starter_fingerprint() -> str:
    """Of the starter files, the code that loads them, and the database they go to. One query.

    Another database, or a new column, loads again.
    """
    files = [path for path in starter_files.STARTER_FOLDER.rglob("*") if path.is_file()]
    code = [Path(starter_content.__file__), Path(starter_files.__file__)]
    return fingerprint([*files, *code], database_history())


def search_fingerprint() -> str:
    """Of what is indexed, and of the database whose index it is. One query."""
    return fingerprint([], f"{EDITION} {database_history()}")


def database_history() -> str:
    """The times of its migrations, by which a database is known. One query."""
    moments = MigrationRecorder(connection).migration_qs.order_by("pk").values_list("applied")
    return str(list(moments))


def fingerprint(files: Iterable[Path], circumstances: str) -> str:
    """Names, sizes and times of ``files`` as one hash: reading them all would take longer."""
    digest = hashlib.sha256(circumstances.encode())
    for path in sorted(files):
        state = path.stat()
        digest.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
