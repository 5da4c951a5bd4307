"""Where something was read, in words: publisher, title, date and remarks.

Written in Python, because a page of figures has more than a hundred of them, and a template each
took half of that page's time.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from types import SimpleNamespace
from urllib.parse import quote_plus

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.languages import Translated, current_language, translated
from core.models import Source
from core.partial_dates import PartialDate, to_partial_date

#: What has a meaning of its own in an address. Han characters stand in it as they are, at a third
#: of the bytes; browsers encode them when the link is followed.
IN_AN_ADDRESS = {place: quote_plus(chr(place), safe=",:") for place in range(128)}
IN_AN_ADDRESS |= {ord(space): "+" for space in "\u00a0\u202f"}


def cited(source: Source | None, note: str = "", verified_on: date | None = None) -> SafeString:
    """``source`` with remarks; nothing without one. No query."""
    if source is None:
        return SafeString()
    words = _cite(
        translated(source, "publisher"),
        translated(source, "title"),
        source.link,
        source.published,
    )
    if note:
        words += format_html("<p>{}</p>", note)
    checked = to_partial_date(verified_on)
    if checked:
        sentence = _("Checked on %(date)s.") % {"date": checked.display()}
        words += format_html("<p>{}</p>", sentence)
    return words


def cited_in_row(row: SimpleNamespace) -> SafeString:
    """The same for a row that came inside its record's query (``source_publisher_en`` …)."""
    publisher = translated(row, "source_publisher")
    if not publisher:
        return SafeString()
    link = row.source_link if row.source_may_link else ""
    published = to_partial_date(row.source_published)
    return _cite(publisher, translated(row, "source_title"), link, published)


def report_link(about: str, figure: str = "") -> SafeString:
    """Leads to the form for errors, with the ``figure`` filled in; nothing for nothing.

    It names what it is ``about``, so that no two links of a table or list read alike.
    """
    if not about:
        return SafeString()
    return format_html(
        '<p><a href="{}?figure={}" rel="nofollow">{}</a></p>',
        _report_address(current_language()),
        (figure or about).translate(IN_AN_ADDRESS),
        _("Report an error: %(figure)s") % {"figure": about},
    )


@cache
def _report_address(_language: str) -> str:
    """Kept: a page of figures asks for it more than a hundred times."""
    return reverse("inquiries:report")


def folded(
    words: SafeString, number: int | None, *, is_open: bool = False, report: str = ""
) -> SafeString:
    """``words`` folded away until asked for; on paper the ``number`` stands there instead."""
    printed = format_html('<sup class="print-only">[{}]</sup>', number) if number else ""
    return format_html(
        '<details class="source"{}><summary>{}</summary><div class="source__body">{}{}</div>'
        "</details>{}",
        *(" open" if is_open else "", _("Source"), words, report, printed),
    )


def _cite(
    publisher: Translated, title: Translated, link: str, published: PartialDate | None
) -> SafeString:
    words = _marked(publisher)
    if title:
        name = _marked(title)
        if link:
            name = format_html('<a href="{}" rel="external noopener">{}</a>', link, name)
        words += conditional_escape(pgettext("punctuation", ": ")) + name
    day = pgettext("punctuation", ", ") + published.display() if published else ""
    return format_html("<cite>{}</cite>{}", words, day)


def _marked(found: Translated) -> SafeString:
    """Escaped text, marked if it is in another language than the page."""
    if found.is_fallback:
        return format_html('<span lang="{}">{}</span>', found.html_language, found.value)
    return conditional_escape(found.value)
