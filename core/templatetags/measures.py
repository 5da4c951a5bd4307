"""Numbers and dates in templates, in the language of the page."""

import datetime

from django import template

from core import measures
from core.measures import Number
from core.partial_dates import PartialDate, to_partial_date

register = template.Library()


@register.filter
def measure(value: Number | None, unit: str) -> str:
    """``{{ link.distance_km|measure:"km" }}`` → "87.3 km"."""
    return measures.format_value(value, unit)


@register.filter
def change(percent: Number | None) -> str:
    """``{{ statistic.change_percent|change }}`` → "+5.3%"."""
    return measures.format_change(percent)


@register.filter
def partial_date(value: PartialDate | datetime.date | str | None) -> str:
    """``{{ park.founded|partial_date }}`` → "October 2012"; nothing for None.

    Related rows that were read as JSON bring ISO texts.
    """
    moment = to_partial_date(value)
    return moment.display() if moment else ""
