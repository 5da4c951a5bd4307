"""``manage.py purge_inquiries``: erase personal data whose time of keeping is over."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from inquiries.retention import months_kept, purge


class Command(BaseCommand):
    """The worker does the same every night."""

    help = "Erase personal data of inquiries whose time of keeping is over; figures stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only count, do not erase anything"
        )

    def handle(self, *, dry_run: bool, **options: object) -> None:
        counts = purge(dry_run=dry_run)
        kept = {kind.value: f" (kept {months} months)" for kind, months in months_kept().items()}
        for name, count in counts.items():
            self.stdout.write(f"{name}{kept.get(name, '')}: {count}")
        verb = "would be erased" if dry_run else "erased"
        self.stdout.write(f"{sum(counts.values())} {verb}")
