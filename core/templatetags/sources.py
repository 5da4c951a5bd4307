"""Where something was read: folded away beside it on a screen, one numbered list on paper.

Unfolded on paper it would tear the lines apart, and the same source would stand there ten times.
``{% source_note %}`` notes each source with the request, so it works in includes of any depth;
``{% source_list %}`` prints the notes.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from django import template
from django.utils.safestring import SafeString

from core import source_notes
from core.models import Source

register = template.Library()


def _noted(context: template.Context) -> dict[SafeString, int] | None:
    """Sources that this page has named so far, with their numbers. None outside a page."""
    request = getattr(context, "request", None)
    if request is None:
        return None
    if not hasattr(request, "noted_sources"):
        request.noted_sources = {}
    return request.noted_sources


def _numbered(context: template.Context, source: SafeString, *, is_open: bool = False) -> str:
    """``source`` to be unfolded, with its number on the page for paper; nothing for nothing."""
    if not source:
        return ""
    noted = _noted(context)
    number = None if noted is None else noted.setdefault(source, len(noted) + 1)
    return source_notes.folded(source, number, is_open=is_open)


@register.simple_tag(takes_context=True)
def source_note(
    context: template.Context,
    source: Source | None,
    note: str = "",
    verified_on: date | None = None,
    open: bool = False,
) -> str:
    """``{% source_note fact.source fact.note fact.verified_on %}``; ``open`` shows it unfolded."""
    return _numbered(context, source_notes.cited(source, note, verified_on), is_open=open)


@register.simple_tag(takes_context=True)
def row_source(context: template.Context, row: SimpleNamespace) -> str:
    """The same for a row that came inside its record's query."""
    return _numbered(context, source_notes.cited_in_row(row))


@register.inclusion_tag("components/_source_list.html", takes_context=True)
def source_list(context: template.Context) -> dict[str, list[SafeString]]:
    """All sources that the page has named above, in the order of their numbers."""
    return {"sources": list(_noted(context) or ())}
