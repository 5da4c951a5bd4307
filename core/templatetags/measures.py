"""Numbers and dates in templates, in the language of the page."""

import datetime

from django import template

from core import measures
from core.measures import Number, SplitValue
from core.partial_dates import PartialDate, to_partial_date

register = template.Library()


@register.filter
def measure(value: Number | None, unit: str) -> str:
    """``{{ link.distance_km|measure:"km" }}`` → "87.3 km"."""
    return measures.format_value(value, unit)


@register.filter
def money(value: Number | None) -> str:
    """``{{ project.promised_investment|money }}`` → "RMB 445 million"."""
    return measures.format_money(value)


@register.filter
def area(value: Number | None) -> str:
    """``{{ park.planned_area|area }}`` → "1,355 mu (90.3 ha)"."""
    return measures.format_area(value)


@register.filter
def floor_area(value: Number | None) -> str:
    """``{{ project.building_area|floor_area }}`` → "120,000 m²"."""
    return measures.format_floor_area(value)


@register.filter
def number(value: Number | None) -> str:
    """``{{ total|number }}`` → "1,234"."""
    return measures.format_number(value)


@register.filter
def change(percent: Number | None) -> str:
    """``{{ statistic.change_percent|change }}`` → "+5.3%"."""
    return measures.format_change(percent)


@register.filter
def partial_date(value: PartialDate | datetime.date | str | None) -> str:
    """``{{ park.founded|partial_date }}`` → "October 2012"; nothing for None.

    Related rows that were read as JSON bring ISO texts, here and in ``period``.
    """
    moment = to_partial_date(value)
    return moment.display() if moment else ""


@register.simple_tag
def format_value(
    value: Number | None, unit: str, qualifier: str = "", decimals: int | None = None
) -> str:
    """``{% format_value s.value s.unit qualifier=s.qualifier %}`` → "about 992 km²"."""
    return measures.format_value(value, unit, qualifier=qualifier, decimals=decimals)


@register.simple_tag
def split_value(
    value: Number | None, unit: str, qualifier: str = "", decimals: int | None = None
) -> SplitValue:
    """``{% split_value s.value s.unit as figure %}`` gives ``figure.number``, ``figure.unit``."""
    return measures.split_value(value, unit, qualifier=qualifier, decimals=decimals)


@register.simple_tag
def period(start: datetime.date | str | None, end: datetime.date | str | None) -> str:
    """``{% period s.period_start s.period_end %}`` → "Jan–Sep 2022"."""
    first, last = to_partial_date(start), to_partial_date(end)
    return measures.period_label(
        first.first_day() if first else None, last.last_day() if last else None
    )
