"""Finding: one statement matches, checks visibility, picks languages, groups, counts and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.addresses import in_language
from core.languages import HTML_LANGUAGES, reading_order
from core.partial_dates import PartialDate
from publishing.search.backends import backend_for
from publishing.search.backends.base import ENTRY_TABLE, TAKEN_OF_MANY, TOO_MANY
from publishing.search.highlight import excerpt, find_spans, marked
from publishing.search.index import shelves
from publishing.search.query import Expression, Query, Term
from publishing.search_models import SearchEntry, SearchText
from publishing.visibility import public_q

#: Results shown of each kind when all kinds are asked for, and on a page of one kind.
PREVIEW_SIZE = 5
PAGE_SIZE = 20


class Sort(TextChoices):
    """Order of the results."""

    RELEVANCE = "relevance", _("Best match")
    NEWEST = "newest", _("Newest first")


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found. ``title`` and ``excerpt`` are safe HTML with ``<mark>``.

    Languages are values for ``lang`` in HTML, empty where they are the visitor's own;
    ``foreign_to_visitor`` is the language code of a record without a text in that language.
    """

    kind: str
    url: str
    title: SafeString
    title_language: str
    excerpt: SafeString
    excerpt_language: str
    date: PartialDate | None
    foreign_to_visitor: str = ""


@dataclass(slots=True)
class Group:
    """What was found of one kind: how many in all, and those to show.

    ``is_part``: there may be more than ``total``, which nobody counted.
    """

    kind: str
    total: int
    hits: list[Hit] = field(default_factory=list)
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Results:
    """Groups, best first. ``is_relaxed``: nothing had all of the query as it was written."""

    groups: list[Group]
    is_relaxed: bool = False
    page: int = 1

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)

    @property
    def is_part(self) -> bool:
        """Whether only the best and newest of very many were taken."""
        return any(group.is_part for group in self.groups)

    def group(self, kind: str) -> Group | None:
        """What was found of ``kind``."""
        return next((group for group in self.groups if group.kind == kind), None)


class Row(NamedTuple):
    """A line of the search statement: an entry, its place in its kind, and the kind's total."""

    entry_id: int
    kind: str
    place: int
    total: int
    own_id: int | None
    nth: int


ORDERS = {
    Sort.RELEVANCE: "packed < {packing} DESC, rank, date DESC, packed",
    Sort.NEWEST: "date DESC, packed",
}

#: The language's distance and the entry's key in one number, so that a plain ``MIN`` finds the
#: best entry of a record. Sorting entries by window costs twice as much.
PACKING = 1 << 48

#: Records of a kind. Of very many, no kind shows more than are taken from one shelf.
COUNT = "COUNT(*) OVER (PARTITION BY kind)"
CAPPED_COUNT = f"CASE WHEN {COUNT} > {TAKEN_OF_MANY} THEN {TAKEN_OF_MANY} ELSE {COUNT} END"

STATEMENT = """
WITH visible AS NOT MATERIALIZED ({visible}),
matched AS MATERIALIZED ({matches}),
found AS (
    SELECT content_type_id, object_id, kind, date, rank,
        CASE language WHEN %s THEN 0 WHEN %s THEN 1 ELSE 2 END AS distance, visible.id AS id
    FROM matched JOIN visible ON visible.id = matched.id
),
records AS (
    SELECT content_type_id, object_id, MIN(kind) AS kind, MIN(date) AS date, MIN(rank) AS rank,
        MIN(distance * {packing} + id) AS packed
    FROM found GROUP BY content_type_id, object_id
),
placed AS (
    SELECT packed %% {packing} AS id, packed < {packing} AS is_own, kind, content_type_id,
        object_id, rank,
        ROW_NUMBER() OVER (PARTITION BY kind ORDER BY {order}) AS place,
        {total} AS total
    FROM records
),
shown AS (
    SELECT placed.*,
        CASE WHEN kind <> %s THEN 0 WHEN total > %s THEN %s
            ELSE ((total - 1) / %s) * %s END AS skipped,
        CASE WHEN kind = %s THEN %s WHEN %s = '' THEN %s ELSE 1 END AS size
    FROM placed
)
SELECT shown.id, shown.kind, shown.place, shown.total, own.id,
    ROW_NUMBER() OVER (ORDER BY is_own DESC, rank, shown.kind, place) AS nth
FROM shown LEFT JOIN {entries} own
    ON own.content_type_id = shown.content_type_id
    AND own.object_id = shown.object_id AND own.language = %s
WHERE place > skipped AND place <= skipped + size AND place <= total
UNION ALL
SELECT id, '', 0, 0, NULL, 0 FROM matched WHERE id = {too_many}
ORDER BY nth
"""


def find(
    query: Query,
    language: str,
    *,
    kind: str = "",
    sort: Sort = Sort.RELEVANCE,
    page: int = 1,
    at: datetime | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Results:
    """What a visitor reading ``language`` may find at ``at`` (default: now).

    Each record comes once, in the best of the languages in which it matches; matches in the
    visitor's own language come first. Without ``kind`` each group holds its first few hits; with
    ``kind`` that group holds one page (the last, if there are fewer) and the others one hit for
    their count's sake.

    Of very many matches the newest of each kind are taken, those with a match in the title
    before; then ``is_part`` says that the totals are the least there are. Two queries, three for
    very many matches, one more if only the relaxed form finds anything.
    """
    if not query:
        return Results([])
    asked = _Asked(language, kind, sort, max(1, page), at or timezone.now(), using)
    rows, is_part = _find(query.strict(), asked)
    terms: Sequence[Term] = query.terms
    is_relaxed = False
    if not rows and (relaxed := query.relaxed()):
        rows, is_part = _find(relaxed, asked)
        is_relaxed = True
        terms = [term for ways in query.relaxed_terms() for way in ways for term in way]
    results = _results(rows, terms, asked, is_relaxed=is_relaxed and bool(rows))
    for group in results.groups:
        group.is_part = is_part and group.total >= TAKEN_OF_MANY
    return results


class _Asked(NamedTuple):
    language: str
    kind: str
    sort: Sort
    page: int
    at: datetime
    using: str


def _find(expression: Expression, asked: _Asked) -> tuple[list[Row], bool]:
    """Rows to show, and whether they are a part of very many."""
    backend = backend_for(connections[asked.using])
    ranked = asked.sort == Sort.RELEVANCE
    rows = _rows(backend.all_matches(expression, ranked=ranked), COUNT, asked)
    if not rows or rows[0].entry_id != TOO_MANY:
        return rows, False
    matches = backend.newest_matches(expression, shelves(), ranked=ranked)
    return _rows(matches, CAPPED_COUNT, asked), True


def _rows(matches: tuple[str, list[Any]], total: str, asked: _Asked) -> list[Row]:
    visible, visible_params = (
        SearchEntry.objects.filter(public_q(asked.at))
        .values("id", "kind", "language", "content_type_id", "object_id", "date")
        .query.get_compiler(asked.using)
        .as_sql()
    )
    statement = STATEMENT.format(
        matches=matches[0],
        visible=visible,
        total=total,
        too_many=TOO_MANY,
        order=ORDERS[asked.sort].format(packing=PACKING),
        packing=PACKING,
        entries=ENTRY_TABLE,
    )
    first, second, *_rest = reading_order(asked.language)
    skipped = (asked.page - 1) * PAGE_SIZE
    params: list[Any] = [
        *visible_params, *matches[1], first, second,
        asked.kind, skipped, skipped, PAGE_SIZE, PAGE_SIZE,
        asked.kind, PAGE_SIZE, asked.kind, PREVIEW_SIZE,
        asked.language,
    ]  # fmt: skip
    with connections[asked.using].cursor() as cursor:
        cursor.execute(statement, params)
        return [Row(*row) for row in cursor.fetchall()]


def _results(
    rows: Sequence[Row], terms: Sequence[Term], asked: _Asked, *, is_relaxed: bool
) -> Results:
    keys = {key for row in rows for key in (row.entry_id, row.own_id) if key}
    texts = SearchText.objects.using(asked.using).select_related("entry").in_bulk(keys)
    groups: dict[str, Group] = {}
    page = 1
    for row in sorted(rows, key=lambda row: row.place) if asked.kind else rows:
        group = groups.setdefault(row.kind, Group(row.kind, row.total))
        if row.entry_id not in texts:
            continue
        if row.kind == asked.kind:
            page = (row.place - 1) // PAGE_SIZE + 1
        text = texts[row.entry_id]
        group.hits.append(
            _hit(text, texts.get(row.own_id, text), terms, asked, beginnings=is_relaxed)
        )
    return Results(list(groups.values()), is_relaxed, page)


def _hit(
    text: SearchText, own: SearchText, terms: Sequence[Term], asked: _Asked, *, beginnings: bool
) -> Hit:
    """``text`` is what matched, ``own`` the same record in the visitor's language if it has one:
    the link reads in the visitor's language, the excerpt shows what matched."""

    def spans(text: str) -> list[tuple[int, int]]:
        return find_spans(text, terms, beginnings=beginnings)

    entry = text.entry
    candidates = [text.summary, text.body]
    if own is not text:
        candidates.insert(0, text.title)
    shown, shown_spans = text.summary or text.body, []
    for candidate in candidates:
        if found := spans(candidate):
            shown, shown_spans = candidate, found
            break
    return Hit(
        kind=entry.kind,
        url=in_language(entry.path, asked.language),
        title=marked(own.title, spans(own.title)),
        title_language=_lang(own.entry, asked.language),
        excerpt=excerpt(shown, shown_spans, is_han=entry.language.startswith("zh")),
        excerpt_language=_lang(entry, asked.language),
        date=entry.date,
        foreign_to_visitor="" if own.entry.language == asked.language else own.entry.language,
    )


def _lang(entry: SearchEntry, language: str) -> str:
    return "" if entry.language == language else HTML_LANGUAGES[entry.language]
