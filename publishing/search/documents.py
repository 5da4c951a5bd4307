"""What of a record can be found by searching."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from core.languages import column
from core.partial_dates import PartialDate, to_partial_date
from core.richtext import RichTextField

INLINE_TAGS = frozenset({"a", "b", "em", "i", "mark", "s", "span", "strong", "sub", "sup", "u"})


@dataclass(frozen=True, slots=True)
class SearchTexts:
    """Plain texts of one record in one language. Without a title there is nothing to find."""

    title: str
    summary: str = ""
    body: str = ""


class Searchable:
    """Mixin of models that search covers: ``class Park(Searchable, models.Model)``.

    The model also has ``status``, ``publish_at``, ``unpublish_at`` and ``get_absolute_url()``.
    ``publishing.search.index.connect_search`` finds all such models by themselves.
    """

    #: Group of the results page: "park", "industry", "project", "post", "history", "page"…
    search_kind: ClassVar[str] = ""
    title_field: str = "title"
    summary_field: str = "summary"
    #: Fields whose texts are searched besides title and summary; those that a model lacks are
    #: left out.
    search_body: ClassVar[tuple[str, ...]] = ("body",)
    #: Reverse relations whose rows are searched with the record, and the field of each. A change
    #: of such a row reaches the index by itself.
    search_rows: ClassVar[dict[str, str]] = {}
    #: Field with the date by which "newest first" sorts; empty for records without one.
    search_date: ClassVar[str] = ""

    def search_texts(self, language: str) -> SearchTexts:
        """Texts in exactly ``language``, without any fallback: what is found must be there.

        The index adds those of ``search_rows``.
        """
        body = " ".join(
            filter(None, (field_text(self, name, language) for name in self.search_body))
        )
        return SearchTexts(
            title=field_text(self, self.title_field, language),
            summary=field_text(self, self.summary_field, language),
            body=body,
        )

    def search_moment(self) -> PartialDate | None:
        """The record's own date, if it has one."""
        return to_partial_date(getattr(self, self.search_date)) if self.search_date else None


def field_text(record: Any, name: str, language: str) -> str:
    """Plain text of a field in one language; "" where record or language has none.

    A field that is the same in all languages (a place, a brand) gives its text in each.
    """
    for candidate in (column(name, language), name):
        try:
            field = record._meta.get_field(candidate)
        except FieldDoesNotExist:
            continue
        value = str(getattr(record, candidate) or "")
        return plain_text(value) if is_formatted(field) else " ".join(value.split())
    return ""


def is_formatted(field: models.Field) -> bool:
    """Whether a field holds HTML; modeltranslation's columns are subclasses of the original."""
    return isinstance(field, RichTextField)


class _TextOnly(HTMLParser):
    """Collects the words of HTML; block tags separate them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self.hidden += 1
        if tag not in INLINE_TAGS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.hidden = max(0, self.hidden - 1)
        if tag not in INLINE_TAGS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.parts.append(data)


def plain_text(html: str) -> str:
    """HTML → its words: "<p>肇<b>庆</b></p><p>A&amp;B</p>" → "肇庆 A&B"."""
    parser = _TextOnly()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.parts).split())
