"""How much working time lies between two moments: 9:00 to 18:00 on working days."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from inquiries.working_days import CLOSING_TIME, working_calendar

OPENING_TIME = time(9, 0)
SECONDS_IN_HOUR = Decimal(3600)


def working_hours_between(start: datetime, end: datetime) -> Decimal:
    """Working hours from ``start`` to ``end``, lunch counted; 0 where ``end`` is earlier."""
    zone = timezone.get_default_timezone()
    start, end = start.astimezone(zone), end.astimezone(zone)
    calendar, day, worked = working_calendar(), start.date(), timedelta()
    while day <= end.date():
        if calendar.is_working_day(day):
            opening = datetime.combine(day, OPENING_TIME, tzinfo=zone)
            closing = datetime.combine(day, CLOSING_TIME, tzinfo=zone)
            worked += max(min(end, closing) - max(start, opening), timedelta())
        day += timedelta(days=1)
    return Decimal(worked.total_seconds()) / SECONDS_IN_HOUR


def add_working_time(start: datetime, amount: timedelta) -> datetime:
    """The moment when ``amount`` of working time has passed since ``start``."""
    zone = timezone.get_default_timezone()
    moment, calendar = start.astimezone(zone), working_calendar()
    while True:
        if calendar.is_working_day(moment.date()):
            opening = datetime.combine(moment.date(), OPENING_TIME, tzinfo=zone)
            closing = datetime.combine(moment.date(), CLOSING_TIME, tzinfo=zone)
            moment = max(moment, opening)
            left = max(closing - moment, timedelta())
            if amount <= left:
                return moment + amount
            amount -= left
        following = moment.date() + timedelta(days=1)
        moment = datetime.combine(following, OPENING_TIME, tzinfo=zone)
