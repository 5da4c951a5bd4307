"""Deadlines in working days."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from inquiries.management.commands.update_holidays import days_of
from inquiries.working_days import CALENDAR_FILE, WorkingCalendar, deadline, working_calendar

CHINA = ZoneInfo("Asia/Shanghai")


def due(received: str, days: int = 1) -> str:
    """Local time of receipt → local time of the deadline."""
    moment = datetime.fromisoformat(received).replace(tzinfo=CHINA)
    return deadline(moment, days).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("2026-11-23 09:00", "2026-11-24 18:00"),  # Monday → Tuesday
        ("2026-11-23 23:59", "2026-11-24 18:00"),
        ("2026-11-20 17:00", "2026-11-23 18:00"),  # Friday → Monday
        ("2026-11-21 08:00", "2026-11-23 18:00"),  # Saturday → Monday
        ("2026-09-30 10:00", "2026-10-08 18:00"),  # the National Day week
        ("2026-10-09 10:00", "2026-10-10 18:00"),  # a Saturday worked for it
        ("2026-02-13 10:00", "2026-02-14 18:00"),  # a Saturday before the Spring Festival
        ("2026-02-14 10:00", "2026-02-24 18:00"),
    ],
)
def test_the_deadline_is_the_end_of_the_next_working_day(received, expected):
    assert due(received) == expected


def test_longer_promises_count_working_days_only():
    assert due("2026-11-19 10:00", days=3) == "2026-11-24 18:00"


def test_the_day_is_that_of_the_portal_not_of_the_sender():
    moment = datetime(2026, 11, 22, 20, 0, tzinfo=ZoneInfo("UTC"))  # Monday morning in China
    assert deadline(moment, 1).astimezone(CHINA).date() == date(2026, 11, 24)


def test_a_year_without_data_has_weekends_only():
    calendar = WorkingCalendar()
    assert calendar.is_working_day(date(2040, 10, 1))
    assert not calendar.is_working_day(date(2040, 10, 6))


def test_no_promise_is_shorter_than_a_working_day():
    with pytest.raises(ValueError, match="1 or more"):
        WorkingCalendar().add_working_days(date(2026, 11, 23), 0)


def test_make_up_days_of_this_year_are_known():
    assert 2026 in working_calendar().complete_years
    assert working_calendar().is_working_day(date(2026, 10, 10))


def test_the_file_says_what_the_package_says():
    kept = json.loads(CALENDAR_FILE.read_text(encoding="utf-8"))["years"]
    assert {year: days_of(int(year)) for year in kept} == kept
