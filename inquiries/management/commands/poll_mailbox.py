"""``manage.py poll_mailbox``: look into the mailbox for answers now."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from inquiries.mailbox import MailboxError, poll


class Command(BaseCommand):
    """For a first try of ``IMAP_URL``; the worker does the same every minute."""

    help = "File the answers of inquirers that wait in the mailbox of IMAP_URL."

    def handle(self, **options: object) -> None:
        if settings.IMAP is None:
            raise CommandError("IMAP_URL is not set: there is no mailbox to read.")
        try:
            counts = poll()
        except MailboxError as error:
            raise CommandError(f"The mailbox of IMAP_URL cannot be read: {error}.") from error
        names = ("filed", "unfiled", "known", "failed")
        self.stdout.write(", ".join(f"{counts[name]} {name}" for name in names))
