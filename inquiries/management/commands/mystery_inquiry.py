"""``manage.py mystery_inquiry``: make this month's test inquiry now."""

from django.core.management.base import BaseCommand, CommandError

from inquiries.mystery import is_switched_on, send_mystery_inquiry


class Command(BaseCommand):
    """The worker makes one on a day of the month that nobody knows."""

    help = "Make this month's test inquiry now, if there is none yet (needs MYSTERY_EMAIL)."

    def handle(self, **options: object) -> None:
        if not is_switched_on():
            raise CommandError("Set MYSTERY_EMAIL to the address that gets the answers.")
        shop = send_mystery_inquiry()
        self.stdout.write(
            f"{shop.inquiry.reference} was made for {shop}." if shop else "This month has one."
        )
