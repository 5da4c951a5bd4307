"""The operator hears in time that the calendar of working days needs the next year."""

from datetime import date

import pytest
import time_machine
from django.core.checks import registry

from inquiries import checks
from inquiries.checks import check_holidays, years_needed
from inquiries.working_days import WorkingCalendar


@pytest.fixture
def known_years(monkeypatch):
    """Say of which years the make-up days are known."""

    def know(*years: int) -> None:
        calendar = WorkingCalendar(complete_years=frozenset(years))
        monkeypatch.setattr(checks, "working_calendar", lambda: calendar)

    return know


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 1, 1), [2026]),
        (date(2026, 11, 30), [2026]),
        (date(2026, 12, 1), [2026, 2027]),
        (date(2026, 12, 31), [2026, 2027]),
    ],
)
def test_the_next_year_is_needed_from_december_on(today, years):
    assert years_needed(today) == years


def test_nothing_is_said_while_all_is_known(known_years):
    known_years(2026, 2027)
    with time_machine.travel("2026-12-01 12:00 +0800", tick=False):
        assert check_holidays(None) == []


@pytest.mark.parametrize(
    ("moment", "known", "missing"),
    [
        ("2026-12-01 00:00 +0800", [2026], ["2027"]),
        ("2027-01-01 00:00 +0800", [2026], ["2027"]),
        ("2027-12-31 12:00 +0800", [], ["2027", "2028"]),
    ],
    ids=["in December", "in the year itself", "both"],
)
def test_every_year_that_is_missing_is_named_with_what_to_do(known_years, moment, known, missing):
    known_years(*known)
    with time_machine.travel(moment, tick=False):
        found = check_holidays(None)

    assert [notice.id for notice in found] == ["inquiries.I001"] * len(missing)
    assert all(year in warning.msg for year, warning in zip(missing, found, strict=True))
    assert all("update_holidays" in warning.hint for warning in found)


def test_an_operator_is_told_by_the_check_for_deployments():
    assert check_holidays in registry.registry.get_checks(include_deployment_checks=True)
