"""``manage.py load_starter``: fill an empty portal with the starter content."""

from django.core.management.base import BaseCommand, CommandError

from portal.starter_content import load_starter_content
from portal.starter_files import StarterError


class Command(BaseCommand):
    """Load the starter content; safe to repeat, never overwrites what an editor changed."""

    help = "Load the starter content. Safe to repeat: what editors changed or deleted is kept."

    def handle(self, *args: object, **options: object) -> None:
        try:
            counts = load_starter_content()
        except StarterError as error:
            raise CommandError(str(error)) from error
        summary = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
        self.stdout.write(f"Starter content: {summary}.")
