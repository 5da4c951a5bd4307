"""How fast inquiries are answered, in public: a promise that can be checked.

Aggregates only, of the last 90 days, and only from ten answers on: fewer say nothing of the desk
and something of single inquirers. Tests and quarantine do not count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from django.core.cache import cache
from django.utils import timezone

from inquiries.figures import NO_ANSWER_OWED
from inquiries.models import Inquiry
from inquiries.working_hours import working_hours_between

DAYS = 90
FEWEST_ANSWERS = 10
#: An answer in the evening takes no working time; "within 0 hours" would be no sentence.
LEAST_HOURS = 0.5
CACHE_KEY = "inquiries.scoreboard"
#: Seconds. Counting takes a query and, of a thousand answers, a few milliseconds.
KEPT_FOR = 600


@dataclass(frozen=True, slots=True)
class Scoreboard:
    """What the last 90 days were like, as of a day."""

    answers: int
    median_hours: float
    share_in_time: int  # in percent
    as_of: date
    days: int = DAYS


def public_scoreboard() -> Scoreboard | None:
    """None below ten answers. No query within ten minutes of the last one, else one."""
    kept = cache.get(CACHE_KEY)
    if kept is None:
        kept = (_count(),)
        cache.set(CACHE_KEY, kept, KEPT_FOR)
    return kept[0]


def _count() -> Scoreboard | None:
    """An inquiry counts if it was answered, or should have been: silence is no way to look fast."""
    now = timezone.now()
    rows = list(
        Inquiry.objects.counted()
        .filter(created_at__gte=now - timedelta(days=DAYS))
        .exclude(first_reply_at=None, close_reason__in=NO_ANSWER_OWED)
        .exclude(first_reply_at=None, paused_at__isnull=False)
        .values_list("created_at", "first_reply_at", "due_at")
    )
    hours = [working_hours_between(sent, replied) for sent, replied, _due in rows if replied]
    if len(hours) < FEWEST_ANSWERS:
        return None
    in_time = sum(1 for _sent, replied, due in rows if replied and replied <= due)
    late = sum(1 for _sent, replied, due in rows if (replied or now) > due)
    return Scoreboard(
        answers=len(hours),
        median_hours=max(math.ceil(median(hours) * 10) / 10, LEAST_HOURS),
        share_in_time=round(100 * in_time / (in_time + late)),
        as_of=timezone.localdate(now),
    )
