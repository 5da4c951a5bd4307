"""Tags of the desk's own frame."""

from django import template

from core import read_only
from core.models import SiteSettings

register = template.Library()


@register.simple_tag
def is_maintenance() -> bool:
    """Whether nothing can be changed at the moment. No query."""
    return read_only.is_on()


@register.simple_tag
def identity() -> str:
    """The short name of the portal. One query.

    A tag and not the variable ``site``: the account pages have a variable of that name already.
    """
    settings = SiteSettings.current()
    return settings.short_name or settings.name
