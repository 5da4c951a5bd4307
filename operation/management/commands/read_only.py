"""``manage.py read_only on``: maintenance at run time, for all processes of this machine."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core import read_only


class Command(BaseCommand):
    """Works while the database is away, so it asks nothing of it."""

    requires_system_checks = ()

    help = "Switch maintenance on or off: everything can be read, nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("state", nargs="?", choices=["on", "off"], help="default: say which")

    def handle(self, *, state: str | None, **options: object) -> None:
        if state == "on":
            read_only.switch().touch()
        elif state == "off":
            read_only.switch().unlink(missing_ok=True)
            if settings.READ_ONLY:
                raise CommandError("READ_ONLY=true in the settings keeps it on: take that out.")
        if read_only.is_on():
            self.stdout.write(
                "Read-only: forms and the desk say so; the worker ends its task, then pauses."
            )
        else:
            self.stdout.write("Normal: everything can be read and changed.")
