"""Search on PostgreSQL: ``tsvector`` columns that Django's model does not know.

The vectors are written token by token instead of by ``to_tsvector``: no parser, dictionary or
locale has a say, so both databases find the same. Columns need no further table to keep in step,
and Django's ``TRUNCATE`` in tests would refuse a table with a foreign key to the model's.
"""

from collections.abc import Sequence
from typing import Any

from publishing.search.backends.base import (
    ENTRY_TABLE,
    MAX_RANKED,
    TEXT_TABLE,
    TOO_MANY,
    Backend,
    Tokens,
    with_triples,
)
from publishing.search.places import Shelf
from publishing.search.query import Expression, Phrase

INDEX = "publishing_search_vector"
NEWEST_INDEX = "publishing_search_newest"
#: Of portals before this one; it stays for their sake while both run.
FUNCTION = "publishing_search_matches"
FINDER = "publishing_search_found"
#: A lexeme remembers at most this many places.
MAX_PLACES = 255
#: Begins the lexeme that says on which shelf a text is; no text has this letter.
SHELF_MARK = "\ue001"
#: So many of the newest texts of a shelf are tried. If so many of them match, or there are no
#: more, the shelf is read from its newest text on; otherwise the index finds the few matches.
TRIED, DENSE = 60, 12

NEWEST = f"""
WITH asked (kind, language, mark, rank, query, number) AS (VALUES {{asked}}),
tried AS (
    SELECT asked.*, newest.*
    FROM asked CROSS JOIN LATERAL (
        SELECT COUNT(*) AS texts, COUNT(*) FILTER (WHERE t.vector @@ asked.query) AS matches
        FROM (
            SELECT id FROM visible v
            WHERE v.kind = asked.kind AND v.language = asked.language
            ORDER BY v.date DESC, v.id LIMIT {TRIED}
        ) n JOIN {TEXT_TABLE} t ON t.entry_id = n.id
    ) newest
),
near AS (
    SELECT read.id, tried.rank
    FROM tried CROSS JOIN LATERAL (
        SELECT v.id FROM visible v JOIN {TEXT_TABLE} t ON t.entry_id = v.id
        WHERE v.kind = tried.kind AND v.language = tried.language
            AND (t.vector @@ tried.query) IS TRUE
        ORDER BY v.date DESC, v.id LIMIT tried.number
    ) read
    WHERE tried.matches >= {DENSE} OR tried.texts < {TRIED}
),
sparse AS (
    SELECT rank, number, MIN(query::text)::tsquery && STRING_AGG(mark, ' | ')::tsquery AS query
    FROM tried WHERE matches < {DENSE} AND texts = {TRIED} GROUP BY rank, number
),
far AS (
    SELECT v.id, sparse.rank, sparse.number, ROW_NUMBER() OVER (
        PARTITION BY sparse.rank, v.kind, v.language ORDER BY v.date DESC, v.id
    ) AS nth
    FROM sparse CROSS JOIN LATERAL {FINDER}(sparse.query) f JOIN visible v ON v.id = f.id
)
SELECT id, rank FROM near UNION ALL SELECT id, rank FROM far WHERE nth <= number
"""  # noqa: S608


class PostgreSQLBackend(Backend):
    """Weights A, B and D stand for title, summary and body."""

    and_operator = " & "
    or_operator = " | "

    def create(self) -> None:
        self.execute(f"ALTER TABLE {TEXT_TABLE} ADD COLUMN vector tsvector")
        # Read by portals before this one only.
        self.execute(f"ALTER TABLE {TEXT_TABLE} ADD COLUMN heading tsvector")
        # Vectors hardly shrink, and a phrase of a common word unpacks thousands of them.
        self.execute(f"ALTER TABLE {TEXT_TABLE} ALTER COLUMN vector SET STORAGE EXTERNAL")
        self.execute(f"CREATE INDEX {INDEX} ON {TEXT_TABLE} USING gin (vector)")
        self.execute(
            f"CREATE FUNCTION {FUNCTION} (query tsquery) "  # noqa: S608
            "RETURNS TABLE (id bigint, vector tsvector, heading tsvector) "
            "LANGUAGE sql STABLE SET enable_seqscan = off AS $$ "
            f"SELECT t.entry_id, t.vector, t.heading FROM {TEXT_TABLE} t "
            "WHERE t.vector @@ query $$"
        )

    def add_newest(self) -> None:
        # The planner takes a vector for as cheap to read as a number and would rather scan the
        # table for a common word, unpacking every vector. A function has settings of its own,
        # and a number of rows for which nobody scans the table of entries.
        self.execute(
            f"CREATE FUNCTION {FINDER} (query tsquery, at_most bigint DEFAULT NULL) "  # noqa: S608
            "RETURNS TABLE (id bigint, vector tsvector) "
            "LANGUAGE sql STABLE ROWS 50 SET enable_seqscan = off AS $$ "
            f"SELECT t.entry_id, t.vector FROM {TEXT_TABLE} t "
            "WHERE t.vector @@ query LIMIT at_most $$"
        )
        self.execute(
            f"CREATE INDEX {NEWEST_INDEX} ON {ENTRY_TABLE} (kind, language, date DESC, id)"
        )

    def remove_newest(self) -> None:
        self.execute(f"DROP INDEX IF EXISTS {NEWEST_INDEX}")
        self.execute(f"DROP FUNCTION IF EXISTS {FINDER} (tsquery, bigint)")

    def drop(self) -> None:
        self.execute(f"DROP FUNCTION IF EXISTS {FUNCTION} (tsquery)")
        self.execute(
            f"ALTER TABLE {TEXT_TABLE} DROP COLUMN IF EXISTS vector, DROP COLUMN IF EXISTS heading"
        )

    def write(self, rows: Sequence[Tokens]) -> None:
        vectors = [(row.entry_id, vector_of(row)) for row in rows]
        self.execute(
            f"UPDATE {TEXT_TABLE} SET vector = new.vector::tsvector "  # noqa: S608
            "FROM unnest(%s::bigint[], %s::text[]) AS new (id, vector) "
            f"WHERE {TEXT_TABLE}.entry_id = new.id",
            [list(column) for column in zip(*vectors, strict=True)] or [[], []],
        )

    def remove(self, places: Sequence[int]) -> None:
        """Nothing to do: the vectors go with their row."""

    def clear(self) -> None:
        self.execute(f"UPDATE {TEXT_TABLE} SET vector = NULL")  # noqa: S608

    def all_matches(self, expression: Expression, *, ranked: bool) -> tuple[str, list[Any]]:
        rank = "-ts_rank('{0.1, 0.1, 0.4, 1.0}', vector, %s::tsquery, 1)" if ranked else "0"
        sql = (
            f"WITH found AS MATERIALIZED (SELECT * FROM {FINDER}(%s::tsquery, {MAX_RANKED + 1})), "  # noqa: S608
            "counted AS MATERIALIZED (SELECT COUNT(*) AS number FROM found) "
            f"SELECT id, {rank} AS rank FROM found "
            f"WHERE (SELECT number FROM counted) <= {MAX_RANKED} "
            f"UNION ALL SELECT {TOO_MANY}, 0 FROM counted WHERE number > {MAX_RANKED}"
        )
        found = self.render(with_triples(expression))
        return sql, [found, self.render(expression)] if ranked else [found]

    def newest_matches(
        self, expression: Expression, shelves: Sequence[Shelf], *, ranked: bool
    ) -> tuple[str, list[Any]]:
        values = [
            (shelf.kind, shelf.language, f"'{shelf_mark(shelf)}'", rank, text, number)
            for rank, text, number in self.asked_of_many(expression, ranked=ranked)
            for shelf in shelves
        ]
        rows = ", ".join(["(%s, %s, %s, %s::int, %s::tsquery, %s::bigint)"] * len(values))
        return NEWEST.format(asked=rows), [value for row in values for value in row]

    def render_phrase(self, phrase: Phrase) -> str:
        beginning = ":*" if phrase.is_beginning else ""
        tokens = [f"'{token}'" for token in phrase.tokens]
        rendered = " <-> ".join([*tokens[:-1], tokens[-1] + beginning])
        return f"({rendered})" if len(tokens) > 1 else rendered


def shelf_mark(shelf: Shelf) -> str:
    """The lexeme of all texts on a shelf."""
    return f"{SHELF_MARK}{shelf.kind} {shelf.language}"


def vector_of(row: Tokens) -> str:
    """The ``tsvector`` literal of all tokens: ``'园区':1A,7 '肇庆':2A '园区肇'``."""
    title, summary, body = row.parts()
    placed = vector_literal((title, "A"), (summary, "B"), (body, "D"))
    return " ".join([placed, *(f"'{token}'" for token in (*row.beside, shelf_mark(row.shelf)))])


def vector_literal(*parts: tuple[Sequence[str], str]) -> str:
    """Tokens with their places and weights."""
    places: dict[str, list[str]] = {}
    place = 0
    for tokens, weight in parts:
        for token in tokens:
            place += 1
            found = places.setdefault(token, [])
            if len(found) < MAX_PLACES:
                found.append(f"{place}{weight}")
    return " ".join(f"'{token}':{','.join(found)}" for token, found in places.items())
