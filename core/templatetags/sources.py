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
from core.languages import translated
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


def _numbered(
    context: template.Context, source: SafeString, *, is_open: bool = False, report: str = ""
) -> str:
    """``source`` to be unfolded, with its number on the page for paper; nothing for nothing."""
    if not source:
        return ""
    noted = _noted(context)
    number = None if noted is None else noted.setdefault(source, len(noted) + 1)
    return source_notes.folded(source, number, is_open=is_open, report=report)


@register.simple_tag(takes_context=True)
def source_note(
    context: template.Context,
    source: Source | None,
    note: str = "",
    verified_on: date | None = None,
    open: bool = False,
    about: str = "",
    figure: str = "",
) -> str:
    """``{% source_note fact.source fact.note fact.verified_on %}``; ``open`` shows it unfolded.

    What it is ``about`` stands in a link to report an error; the form gets the whole ``figure``.
    """
    source_words = source_notes.cited(source, note, verified_on)
    report = source_notes.report_link(about, figure) if source_words else ""
    return _numbered(context, source_words, is_open=open, report=report)


@register.simple_tag(takes_context=True)
def row_source(context: template.Context, row: SimpleNamespace, about: str = "") -> str:
    """The same for a row that came inside its record's query.

    ``about`` names the translated column that says what the row's figure is about.
    """
    source_words = source_notes.cited_in_row(row)
    report = ""
    if source_words and about:
        report = source_notes.report_link(translated(row, about).value)
    return _numbered(context, source_words, report=report)


@register.inclusion_tag("components/_source_list.html", takes_context=True)
def source_list(context: template.Context) -> dict[str, list[SafeString]]:
    """All sources that the page has named above, in the order of their numbers."""
    return {"sources": list(_noted(context) or ())}
