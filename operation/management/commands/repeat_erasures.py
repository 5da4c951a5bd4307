"""``manage.py repeat_erasures``: erase again what a restored database still holds."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from operation import erasures
from operation.archive import Refused


class Command(BaseCommand):
    """``restore`` does it by itself unless the archive is older than the code."""

    help = "Erase again all inquiries on the list that backups keep in their folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("list", type=Path, help="erasures.json of the folder with the backups")

    def handle(self, *, list: Path, **options: object) -> None:
        try:
            count = erasures.repeat(erasures.read_list(list))
        except Refused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Erased again: {count} inquiries.")
