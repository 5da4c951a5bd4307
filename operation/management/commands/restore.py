"""``manage.py restore``: a backup into an empty place."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from core.pending_migrations import pending_migrations
from operation import erasures
from operation.archive import Manifest, Refused
from operation.backup import secret_key_mark
from operation.restore import checked, restore


class Command(BaseCommand):
    """Never overwrites anything, and writes nothing before the whole archive has been checked."""

    requires_system_checks = ()

    help = "Restore an archive of `backup` into an empty place, and check it there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument(
            "--check", action="store_true", help="only check the archive; write nothing"
        )
        parser.add_argument(
            "--erasures",
            dest="list",
            type=Path,
            metavar="FILE",
            help="list of erasures to repeat; default: erasures.json beside the archive",
        )

    def handle(self, *, archive: Path, check: bool, list: Path | None, **options: object) -> None:
        archive = archive.resolve()
        try:
            if check:
                self.say("The archive is whole", checked(archive, settings.BACKUP_KEY))
                return
            given = self.find_list(archive, list)
            self.say("Restored and compared", restore(archive, settings.BACKUP_KEY))
            self.repeat_erasures(given)
        except Refused as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise CommandError(f"Nothing was restored: {error.strerror}{where}.") from None
        except Error as error:
            raise CommandError(
                f"The database answered with {type(error).__name__}. manage.py doctor says more."
            ) from None
        self.stdout.write(
            "Restart web server and task worker now: running ones still hold the old database."
        )

    def say(self, done: str, manifest: Manifest) -> None:
        self.stdout.write(
            f"{done}: {manifest.rows:,} rows in {len(manifest.tables)} tables and "
            f"{len(manifest.files) - 1:,} files of {manifest.made_at}, all as in the manifest."
        )
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        if manifest.secret_key not in map(secret_key_mark, keys):
            self.stdout.write(
                "SECRET_KEY is another than that of the archive. With it one-time codes of the "
                "staff and links in mails are read: set it, or add it to SECRET_KEY_FALLBACKS."
            )

    def find_list(self, archive: Path, given: Path | None) -> Path | None:
        """Looked for before anything is written: a wrong name should not come up too late."""
        beside = archive.with_name(erasures.FILE)
        path = given or (beside if beside.exists() else None)
        if path:
            erasures.read_list(path)
        return path

    def repeat_erasures(self, path: Path | None) -> None:
        if pending_migrations():
            self.stdout.write(
                "The archive is older than this code: run manage.py bootstrap, then "
                f"manage.py repeat_erasures {path or 'FILE'}."
            )
            return
        count = erasures.repeat(erasures.read_list(path) if path else [])
        self.stdout.write(
            f"Erased again: {count} inquiries that were erased after this backup."
            if path
            else "There is no list of erasures: erase again by hand what was erased since."
        )
