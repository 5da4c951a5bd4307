"""Search on SQLite: an FTS5 table whose rows have the primary keys of ``SearchEntry``."""

from collections.abc import Sequence
from typing import Any

from publishing.search.backends.base import Backend, Tokens
from publishing.search.query import Expression, Phrase

TOKEN_TABLE = "publishing_search_tokens"  # noqa: S105
#: SQLite takes at least 999 parameters a statement.
CHUNK = 500


class SQLiteBackend(Backend):
    """Tokens arrive cut and stemmed, so FTS5 only has to split them at spaces."""

    and_operator = " AND "
    or_operator = " OR "

    def create(self) -> None:
        self.execute(
            f"CREATE VIRTUAL TABLE {TOKEN_TABLE} USING fts5("
            "title, summary, body, tokenize='unicode61 remove_diacritics 2')"
        )

    def drop(self) -> None:
        self.execute(f"DROP TABLE IF EXISTS {TOKEN_TABLE}")

    def write(self, rows: Sequence[Tokens]) -> None:
        # A row that is left over from a deleted entry gives way to the new one.
        with self.connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT OR REPLACE INTO {TOKEN_TABLE} (rowid, title, summary, body) "  # noqa: S608
                "VALUES (%s, %s, %s, %s)",
                [(row.entry_id, *(" ".join(part) for part in row.parts())) for row in rows],
            )

    def remove(self, entry_ids: Sequence[int]) -> None:
        for start in range(0, len(entry_ids), CHUNK):
            chunk = list(entry_ids[start : start + CHUNK])
            places = ", ".join(["%s"] * len(chunk))
            self.execute(f"DELETE FROM {TOKEN_TABLE} WHERE rowid IN ({places})", chunk)  # noqa: S608

    def clear(self) -> None:
        self.execute(f"DELETE FROM {TOKEN_TABLE}")  # noqa: S608

    def matches(self, expression: Expression, *, ranked: bool) -> tuple[str, list[Any]]:
        rank = f"bm25({TOKEN_TABLE}, 10.0, 4.0, 1.0)" if ranked else "0"
        sql = (
            f"SELECT rowid AS id, {rank} AS rank FROM {TOKEN_TABLE} "  # noqa: S608
            f"WHERE {TOKEN_TABLE} MATCH %s"
        )
        return sql, [self.render(expression)]

    def render_phrase(self, phrase: Phrase) -> str:
        beginning = " *" if phrase.is_beginning else ""
        return f'"{" ".join(phrase.tokens)}"{beginning}'
