"""``manage.py update_holidays``: public holidays for the deadlines, into a file."""

import json
from argparse import ArgumentParser
from datetime import date

import holidays
from django.core.management.base import BaseCommand
from django.utils import timezone

from inquiries.working_days import CALENDAR_FILE

COUNTRY = "CN"


class Command(BaseCommand):
    """Run it each December with a fresh ``holidays`` package, and commit the file."""

    help = "Write the public holidays and make-up working days of the coming years into a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--from", dest="first", type=int, default=timezone.localdate().year)
        parser.add_argument("--years", type=int, default=3)

    def handle(self, *, first: int, years: int, **options: object) -> None:
        wanted = range(first, first + years)
        days = {str(year): days_of(year) for year in wanted}
        content = {"source": f"holidays {holidays.__version__}, country {COUNTRY}", "years": days}
        CALENDAR_FILE.write_text(
            json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        for year in wanted:
            state = "complete" if days[str(year)]["worked"] else "make-up days not announced yet"
            self.stdout.write(f"{year}: {len(days[str(year)]['off'])} days off, {state}")


def days_of(year: int) -> dict[str, list[str]]:
    """Days off that would otherwise be worked, and weekend days that are worked, of ``year``."""
    calendar = holidays.country_holidays(COUNTRY, years=year)
    off = [day for day in calendar if day.weekday() < 5]
    worked = [day for day in getattr(calendar, "weekend_workdays", ()) if day.year == year]
    return {"off": _texts(off), "worked": _texts(worked)}


def _texts(days: list[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
