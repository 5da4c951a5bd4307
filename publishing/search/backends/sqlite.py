"""Search on SQLite: an FTS5 table whose rows lie in the order of their places.

FTS5 reads the matches within a range of rows in their order, and no more than are asked for.
"""

from collections.abc import Sequence
from typing import Any

from publishing.search.backends.base import (
    MAX_RANKED,
    TOO_MANY,
    Backend,
    Tokens,
    with_triples,
)
from publishing.search.places import LAST_KEY, Shelf
from publishing.search.query import Expression, Phrase

TOKEN_TABLE = "publishing_search_tokens"  # noqa: S105
#: SQLite takes at least 999 parameters a statement.
CHUNK = 500
ENTRY_ID = f"({TOKEN_TABLE}.rowid & {LAST_KEY})"
#: ``CROSS JOIN`` keeps the order of the tables.
NEWEST = (
    f"SELECT visible.id AS id, {{rank}} AS rank FROM {TOKEN_TABLE} "  # noqa: S608
    f"CROSS JOIN visible ON visible.id = {ENTRY_ID} "
    f"WHERE {TOKEN_TABLE} MATCH %s AND {TOKEN_TABLE}.rowid BETWEEN %s AND %s "
    "AND visible.kind = %s "
    f"ORDER BY {TOKEN_TABLE}.rowid LIMIT {{number}}"
)


class SQLiteBackend(Backend):
    """Tokens arrive cut and stemmed, so FTS5 only has to split them at spaces."""

    and_operator = " AND "
    or_operator = " OR "

    def create(self) -> None:
        self.execute(
            f"CREATE VIRTUAL TABLE {TOKEN_TABLE} USING fts5("
            "title, summary, body, beside, tokenize='unicode61 remove_diacritics 2')"
        )

    def drop(self) -> None:
        self.execute(f"DROP TABLE IF EXISTS {TOKEN_TABLE}")

    def add_newest(self) -> None:
        # A table from before has fewer columns and other row numbers.
        self.clear()

    def remove_newest(self) -> None:
        """Nothing to do: this table serves portals before this one as well."""

    def write(self, rows: Sequence[Tokens]) -> None:
        # A row that is left over from a deleted entry gives way to the new one.
        with self.connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT OR REPLACE INTO {TOKEN_TABLE} "  # noqa: S608
                "(rowid, title, summary, body, beside) VALUES (%s, %s, %s, %s, %s)",
                [
                    (row.place, *(" ".join(part) for part in (*row.parts(), row.beside)))
                    for row in rows
                ],
            )

    def remove(self, places: Sequence[int]) -> None:
        for start in range(0, len(places), CHUNK):
            chunk = list(places[start : start + CHUNK])
            marks = ", ".join(["%s"] * len(chunk))
            self.execute(f"DELETE FROM {TOKEN_TABLE} WHERE rowid IN ({marks})", chunk)  # noqa: S608

    def clear(self) -> None:
        # Deleting from it would take out token by token.
        self.drop()
        self.create()

    def all_matches(self, expression: Expression, *, ranked: bool) -> tuple[str, list[Any]]:
        rank = f"bm25({TOKEN_TABLE}, 10.0, 4.0, 1.0, 0.0)" if ranked else "0"
        text = self.render(with_triples(expression))
        sql = (
            "WITH counted AS MATERIALIZED (SELECT COUNT(*) AS number FROM "  # noqa: S608
            f"(SELECT 1 FROM {TOKEN_TABLE} WHERE {TOKEN_TABLE} MATCH %s LIMIT {MAX_RANKED + 1})) "
            f"SELECT {ENTRY_ID} AS id, {rank} AS rank FROM counted CROSS JOIN {TOKEN_TABLE} "
            f"WHERE counted.number <= {MAX_RANKED} AND {TOKEN_TABLE} MATCH %s "
            f"UNION ALL SELECT {TOO_MANY}, 0 FROM counted WHERE number > {MAX_RANKED} "
            # There are no more; but SQLite does not know, and prepares for millions.
            f"LIMIT {MAX_RANKED + 1}"
        )
        return sql, [text, text]

    def newest_matches(
        self, expression: Expression, shelves: Sequence[Shelf], *, ranked: bool
    ) -> tuple[str, list[Any]]:
        selects, params, most = [], [], 0
        for rank, text, number in self.asked_of_many(expression, ranked=ranked):
            newest = NEWEST.format(rank=rank, number=number)
            for shelf in shelves:
                selects.append(f"SELECT * FROM ({newest})")  # noqa: S608
                params += [text, shelf.first(), shelf.last(), shelf.kind]
                most += number
        return f"{' UNION ALL '.join(selects)} LIMIT {most}", params

    def render_phrase(self, phrase: Phrase) -> str:
        beginning = " *" if phrase.is_beginning else ""
        return f'"{" ".join(phrase.tokens)}"{beginning}'
