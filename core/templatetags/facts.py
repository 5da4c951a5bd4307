"""``{% fact_of park "planned_area" as area %}``: a figure with unit, date, source and state."""

from django import template

from core.facts import Fact, record_fact
from core.models import Cited

register = template.Library()


@register.simple_tag
def fact_of(record: Cited, field: str) -> Fact:
    """One figure of a record, for ``components/_fact.html`` or for a template's own setting.

    No query if the record came ``with_citations()``.
    """
    return record_fact(record, field)
