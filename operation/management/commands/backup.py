"""``manage.py backup``: database, uploaded files and private files in one archive."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from operation.archive import Refused
from operation.backup import make_backup
from operation.rotation import rotate


class Command(BaseCommand):
    """Safe at any time, whoever reads and writes; for a timer."""

    requires_system_checks = ()

    help = "Save database and files into one archive in BACKUP_DIR, then delete the oldest ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--to", type=Path, metavar="FOLDER", help="another folder; nothing is deleted in it"
        )

    def handle(self, *, to: Path | None, **options: object) -> None:
        try:
            backup = make_backup((to or settings.BACKUP_DIR).resolve(), settings.BACKUP_KEY)
        except (Refused, EOFError) as error:
            raise CommandError(f"No backup was made. {error}") from None
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise CommandError(f"No backup was made: {error.strerror}{where}.") from None
        except Error as error:
            # Its text may quote rows.
            raise CommandError(
                f"No backup was made: the database answered with {type(error).__name__}. "
                "manage.py doctor says more."
            ) from None
        gone = rotate(settings.BACKUP_DIR.resolve(), settings.BACKUP_KEEP) if not to else []
        manifest = backup.manifest
        self.stdout.write(
            f"{backup.path}: {backup.size:,} bytes, {manifest.rows:,} rows in "
            f"{len(manifest.tables)} tables, {len(manifest.files) - 1:,} files"
            + (", encrypted" if settings.BACKUP_KEY else "")
            + (f"; {len(gone)} old deleted" if gone else "")
        )
