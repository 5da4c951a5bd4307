"""Search on PostgreSQL: ``tsvector`` columns that Django's model does not know.

The vectors are written token by token instead of by ``to_tsvector``: no parser, dictionary or
locale has a say, so both databases find the same. Columns need no further table to keep in step,
and Django's ``TRUNCATE`` in tests would refuse a table with a foreign key to the model's.
"""

from collections.abc import Sequence
from typing import Any

from publishing.search.backends.base import TEXT_TABLE, Backend, Tokens
from publishing.search.query import Expression, Phrase

INDEX = "publishing_search_vector"
FUNCTION = "publishing_search_matches"
#: A lexeme remembers at most this many places.
MAX_PLACES = 255
#: Beyond this many matches, those in titles come first and the newest before the others: reading
#: the whole vector of each would take most of the time of a search.
MAX_FULLY_RANKED = 1_000


class PostgreSQLBackend(Backend):
    """Weights A, B and D stand for title, summary and body; ``heading`` has the title."""

    and_operator = " & "
    or_operator = " | "

    def create(self) -> None:
        self.execute(f"ALTER TABLE {TEXT_TABLE} ADD COLUMN vector tsvector")
        self.execute(f"ALTER TABLE {TEXT_TABLE} ADD COLUMN heading tsvector")
        # Vectors hardly shrink, and a phrase of a common word unpacks thousands of them.
        self.execute(f"ALTER TABLE {TEXT_TABLE} ALTER COLUMN vector SET STORAGE EXTERNAL")
        self.execute(f"CREATE INDEX {INDEX} ON {TEXT_TABLE} USING gin (vector)")
        # The planner takes a vector for as cheap to read as a number and would rather scan the
        # table for a common word, unpacking every vector. A function has settings of its own.
        self.execute(
            f"CREATE FUNCTION {FUNCTION} (query tsquery) "  # noqa: S608
            "RETURNS TABLE (id bigint, vector tsvector, heading tsvector) "
            "LANGUAGE sql STABLE SET enable_seqscan = off AS $$ "
            f"SELECT t.entry_id, t.vector, t.heading FROM {TEXT_TABLE} t "
            "WHERE t.vector @@ query $$"
        )

    def drop(self) -> None:
        self.execute(f"DROP FUNCTION IF EXISTS {FUNCTION} (tsquery)")
        self.execute(
            f"ALTER TABLE {TEXT_TABLE} DROP COLUMN IF EXISTS vector, DROP COLUMN IF EXISTS heading"
        )

    def write(self, rows: Sequence[Tokens]) -> None:
        vectors = [(row.entry_id, *vectors_of(row)) for row in rows]
        self.execute(
            f"UPDATE {TEXT_TABLE} SET vector = new.vector::tsvector, "  # noqa: S608
            "heading = new.heading::tsvector "
            "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS new (id, vector, heading) "
            f"WHERE {TEXT_TABLE}.entry_id = new.id",
            [list(column) for column in zip(*vectors, strict=True)] or [[], [], []],
        )

    def remove(self, entry_ids: Sequence[int]) -> None:
        """Nothing to do: the vectors go with their row."""

    def clear(self) -> None:
        self.execute(f"UPDATE {TEXT_TABLE} SET vector = NULL, heading = NULL")  # noqa: S608

    def matches(self, expression: Expression, *, ranked: bool) -> tuple[str, list[Any]]:
        text = self.render(expression)
        if not ranked:
            return f"SELECT id, 0 AS rank FROM {FUNCTION}(%s::tsquery)", [text]  # noqa: S608
        sql = (
            f"SELECT id, -CASE WHEN COUNT(*) OVER () > {MAX_FULLY_RANKED} "  # noqa: S608
            "THEN CASE WHEN heading @@ %s::tsquery THEN 1 ELSE 0 END "
            "ELSE ts_rank('{0.1, 0.1, 0.4, 1.0}', vector, %s::tsquery, 1) END AS rank "
            f"FROM {FUNCTION}(%s::tsquery)"
        )
        return sql, [text, text, text]

    def render_phrase(self, phrase: Phrase) -> str:
        beginning = ":*" if phrase.is_beginning else ""
        tokens = [f"'{token}'" for token in phrase.tokens]
        rendered = " <-> ".join([*tokens[:-1], tokens[-1] + beginning])
        return f"({rendered})" if len(tokens) > 1 else rendered


def vectors_of(row: Tokens) -> tuple[str, str]:
    """``tsvector`` literals of all tokens and of the title: ``'园区':1A,7 '肇庆':2A``."""
    title, summary, body = row.parts()
    return (
        vector_literal((title, "A"), (summary, "B"), (body, "D")),
        vector_literal((title, "A")),
    )


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
