"""``manage.py compile_translations``: .mo files from .po files, without GNU gettext."""

from argparse import ArgumentParser
from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Django's ``compilemessages`` needs ``msgfmt``, which a fresh machine does not have."""

    help = "Compile the translations in locale/ that are newer than their compiled form."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="Compile those that are not, too.")

    def handle(self, *, force: bool, verbosity: int, **options: object) -> None:
        compiled = 0
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                if not force and is_current(target, source):
                    continue
                try:
                    # Entries marked fuzzy are left out, as msgfmt does.
                    polib.pofile(str(source)).save_as_mofile(str(target))
                except OSError as error:
                    raise CommandError(f"{source}: {error}") from error
                compiled += 1
        if verbosity > 0:
            self.stdout.write(f"Translations compiled: {compiled}")


def is_current(target: Path, source: Path) -> bool:
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime
