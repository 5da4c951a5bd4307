"""How long personal data is kept: the one table of it, and the purge that keeps to it.

The time counts from the last event of an inquiry. Afterwards the row stays for the figures, and
everything personal in it goes (``inquiries.privacy.erase``).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from inquiries.choices import Kind, Status
from inquiries.models import DataRequest, InboundMail, Inquiry
from inquiries.privacy import empty_write_ahead_log, erase

#: Months after the last event, as the consent text promises; a setting can only shorten them.
MONTHS: dict[Kind, int] = {
    Kind.INVESTOR: 24,
    Kind.SELECTOR: 24,
    Kind.TENANT: 24,
    Kind.SUPPLIER: 12,
    Kind.PRESS: 12,
    Kind.CITIZEN: 12,
    Kind.REPORT: 12,
}
#: What was taken for spam, and mails that nobody filed.
QUARANTINE_MONTHS = 3
UNFILED_MONTHS = 12

QUARANTINE = "quarantine"
UNFILED = "unfiled_mails"


def parse_months(pairs: Iterable[str]) -> dict[Kind, int]:
    """``["press=6"]`` → months by kind. Raises ValueError for what it does not know."""
    months = {}
    for pair in pairs:
        name, _sign, number = pair.partition("=")
        kind = Kind(name.strip())
        months[kind] = int(number)
        if not 1 <= months[kind] <= MONTHS[kind]:
            raise ValueError(f"{pair}: between 1 and {MONTHS[kind]} months")
    return months


def months_kept() -> dict[Kind, int]:
    """The table with what the setting changes in it."""
    return MONTHS | parse_months(settings.RETENTION_MONTHS)


def due_for_erasure(now: datetime | None = None) -> Iterator[tuple[str, list[int]]]:
    """Keys of the inquiries whose time is over, by kind; quarantine last. A query for each kind.

    Erased ones come again if something was added to them since.
    """
    now = now or timezone.now()
    holding = Inquiry.objects.filter(Q(erased_at=None) | Q(last_event_at__gt=F("erased_at")))
    for kind, months in months_kept().items():
        over = holding.filter(kind=kind, last_event_at__lt=months_before(now, months))
        yield kind.value, list(over.exclude(status=Status.SPAM).values_list("pk", flat=True))
    over = holding.filter(last_event_at__lt=months_before(now, QUARANTINE_MONTHS))
    yield QUARANTINE, list(over.filter(status=Status.SPAM).values_list("pk", flat=True))


def purge(*, dry_run: bool = False) -> dict[str, int]:
    """Erase whose time is over; how many of each kind. Each is a transaction of its own.

    Killed halfway, it goes on where it was; run twice, the second finds nothing.
    """
    now = timezone.now()
    counts = {}
    for name, keys in due_for_erasure(now):
        counts[name] = len(keys)
        if not dry_run:
            for inquiry in Inquiry.objects.filter(pk__in=keys).iterator(chunk_size=100):
                erase(inquiry, None, DataRequest.Kind.RETENTION)
    unfiled = InboundMail.objects.filter(
        inquiry=None, received_at__lt=months_before(now, UNFILED_MONTHS)
    )
    counts[UNFILED] = unfiled.count()
    if not dry_run:
        unfiled.delete()
        empty_write_ahead_log()
    return counts


def months_before(moment: datetime, months: int) -> datetime:
    """The same day of the month; the last one where the month is too short."""
    number = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(number, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
