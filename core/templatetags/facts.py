"""``{% fact park "planned_area" %}``: a figure with unit, date, source and state."""

from django import template

from core.facts import Fact, record_fact
from core.models import Cited

register = template.Library()


@register.inclusion_tag("components/_fact.html")
def fact(record: Cited, field: str, variant: str = "row") -> dict[str, object]:
    """Render one figure of a record. No query if the record came ``with_citations()``."""
    return {"fact": record_fact(record, field), "variant": variant}


@register.inclusion_tag("components/_fact.html")
def figure(fact: Fact, variant: str = "row") -> dict[str, object]:
    """Render a figure that a view has prepared."""
    return {"fact": fact, "variant": variant}


@register.simple_tag
def fact_of(record: Cited, field: str) -> Fact:
    """The figure itself, for a template that sets it in its own way."""
    return record_fact(record, field)
