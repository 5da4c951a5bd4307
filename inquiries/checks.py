"""What an operator should know before a promised deadline comes out wrong."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, register
from django.utils import timezone

from inquiries.retention import parse_months
from inquiries.working_days import working_calendar

#: The State Council announces the days of the coming year in November.
LAST_MONTH_WITHOUT_NEXT_YEAR = 11


def years_needed(today: date) -> list[int]:
    """Years whose make-up days must be known on ``today``; from 1 December on the next one too."""
    if today.month > LAST_MONTH_WITHOUT_NEXT_YEAR:
        return [today.year, today.year + 1]
    return [today.year]


@register(deploy=True)
def check_holidays(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Deadlines are promised in working days, so the make-up days must be known.

    A notice and no warning: a calendar that runs out must not stop a deployment.
    """
    known = working_calendar().complete_years
    return [
        Info(
            f"The make-up working days of {year} are not known.",
            hint="Install the newest holidays package and run manage.py update_holidays.",
            id="inquiries.I001",
        )
        for year in years_needed(timezone.localdate())
        if year not in known
    ]


@register()
def check_retention(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Found at the start and not at night, by a purge that nobody watches."""
    try:
        parse_months(settings.RETENTION_MONTHS)
    except ValueError as error:
        return [
            Error(
                f"RETENTION_MONTHS cannot be read: {error}",
                hint="Write kinds and months: press=6,citizen=6",
                id="inquiries.E001",
            )
        ]
    return []
