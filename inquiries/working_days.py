"""Deadlines in working days, with public holidays and the weekends worked in exchange for them.

China moves working days around its holidays: a bridge day off is worked on a Saturday or Sunday.
The State Council announces both for the coming year in November. They are kept in a small file,
written by ``manage.py update_holidays`` from the ``holidays`` package, because loading that
package takes a second of processor time and a visitor would wait for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from django.utils import timezone

CALENDAR_FILE = Path(__file__).parent / "data" / "holidays_cn.json"

#: When a working day ends, in the portal's time zone.
CLOSING_TIME = time(18, 0)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are worked. Years it knows nothing of have weekends only."""

    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    #: Years whose make-up days were announced when the file was written.
    complete_years: frozenset[int] = field(default=frozenset())

    def is_working_day(self, day: date) -> bool:
        if day in self.make_up_days:
            return True
        return day.weekday() < SATURDAY and day not in self.days_off

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which itself never counts."""
        if count < 1:
            raise ValueError("count must be 1 or more")
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day


@cache
def working_calendar() -> WorkingCalendar:
    """The calendar in the file, read once in a process."""
    years = json.loads(CALENDAR_FILE.read_text(encoding="utf-8"))["years"]
    return WorkingCalendar(
        days_off=frozenset(_dates(years, "off")),
        make_up_days=frozenset(_dates(years, "worked")),
        complete_years=frozenset(int(year) for year, days in years.items() if days["worked"]),
    )


def _dates(years: dict[str, dict[str, list[str]]], key: str) -> list[date]:
    return [date.fromisoformat(text) for days in years.values() for text in days[key]]


def end_of_day(day: date) -> datetime:
    """When ``day`` closes, in the portal's time zone."""
    return datetime.combine(day, CLOSING_TIME, tzinfo=timezone.get_default_timezone())


def deadline(received: datetime, days: int) -> datetime:
    """Until when an inquiry of ``received`` is answered: the end of the ``days``-th working day.

    The day of receipt does not count, so what comes on Monday is answered on Tuesday, and what
    comes at the weekend on Monday.
    """
    zone = timezone.get_default_timezone()
    received_on = received.astimezone(zone).date()
    day = working_calendar().add_working_days(received_on, days)
    return datetime.combine(day, CLOSING_TIME, tzinfo=zone)
