"""Records for the tests of search."""

from typing import Any

from parks.models import Industry
from portal.models import Page


def make_page(slug: str, **fields: Any) -> Page:
    """A published page, saved."""
    return Page.objects.create(slug=slug, **{"status": "published", **fields})


def make_industry(slug: str, **fields: Any) -> Industry:
    """A published industry, saved."""
    return Industry.objects.create(slug=slug, **{"status": "published", **fields})
