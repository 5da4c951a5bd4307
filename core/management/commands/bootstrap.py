"""``manage.py bootstrap``: everything between an installed checkout and a running portal.

One process for all steps, because starting Django costs a second each time, and each step first
looks whether there is anything to do: a second start is a matter of a second or two.
"""

import hashlib
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from core import static_storage

FINGERPRINT_FILE = ".fingerprint"


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
        if not without_content:
            self.stdout.write("Loading the starter content …")
            call_command("load_starter", verbosity=0)
            call_command("ensure_admin", stdout=self.stdout)

    def collect_static(self) -> None:
        """Hash and compress the static files, unless none has changed since the last time."""
        mark = Path(settings.STATIC_ROOT) / FINGERPRINT_FILE
        fingerprint = static_fingerprint()
        if mark.exists() and mark.read_text(encoding="ascii") == fingerprint:
            return
        self.stdout.write("Collecting static files …")
        # Without the mark a start that is interrupted here begins again.
        mark.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        mark.write_text(fingerprint, encoding="ascii")


def is_migration_due() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def static_fingerprint() -> str:
    """Names, sizes and times of all static files, and how they are stored, as one hash."""
    digest = hashlib.sha256(str(settings.STORAGES["staticfiles"]).encode())
    digest.update(Path(static_storage.__file__).read_bytes())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()
