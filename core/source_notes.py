"""Where something was read, in words: publisher, title, date and remarks.

Written in Python, because a page of figures has more than a hundred of them, and a template each
took half of that page's time.
"""

from __future__ import annotations

from datetime import date
from html import escape
from types import SimpleNamespace

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.languages import Translated, translated
from core.models import Source
from core.partial_dates import PartialDate, to_partial_date


def cited(source: Source | None, note: str = "", verified_on: date | None = None) -> SafeString:
    """``source`` with remarks; nothing without one. No query."""
    if source is None:
        return mark_safe("")
    words = _cite(
        translated(source, "publisher"),
        translated(source, "title"),
        source.link,
        source.published,
    )
    if note:
        words += f"<p>{escape(note)}</p>"
    checked = to_partial_date(verified_on)
    if checked:
        sentence = _("Checked on %(date)s.") % {"date": checked.display()}
        words += f"<p>{escape(sentence)}</p>"
    return mark_safe(words)  # noqa: S308 - every part is escaped where it is put in


def cited_in_row(row: SimpleNamespace) -> SafeString:
    """The same for a row that came inside its record's query (``source_publisher_en`` …)."""
    publisher = translated(row, "source_publisher")
    if not publisher:
        return mark_safe("")
    link = row.source_link if row.source_may_link else ""
    published = to_partial_date(row.source_published)
    words = _cite(publisher, translated(row, "source_title"), link, published)
    return mark_safe(words)  # noqa: S308 - every part is escaped where it is put in


def folded(words: SafeString, number: int | None, *, is_open: bool = False) -> SafeString:
    """``words`` folded away until asked for; on paper the ``number`` stands there instead."""
    printed = f'<sup class="print-only">[{number}]</sup>' if number else ""
    return mark_safe(  # noqa: S308 - ``words`` are escaped, the number is ours
        f'<details class="source"{" open" if is_open else ""}><summary>{escape(_("Source"))}'
        f'</summary><div class="source__body">{words}</div></details>{printed}'
    )


def _cite(
    publisher: Translated, title: Translated, link: str, published: PartialDate | None
) -> str:
    words = _marked(publisher)
    if title:
        name = _marked(title)
        if link:
            name = f'<a href="{escape(link)}" rel="external noopener">{name}</a>'
        words += escape(pgettext("punctuation", ": ")) + name
    day = escape(pgettext("punctuation", ", ") + published.display()) if published else ""
    return f"<cite>{words}</cite>{day}"


def _marked(found: Translated) -> str:
    """Escaped text, marked if it is in another language than the page."""
    if found.is_fallback:
        return f'<span lang="{found.html_language}">{escape(found.value)}</span>'
    return escape(found.value)
