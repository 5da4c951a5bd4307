"""What a search backend does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from publishing.search.query import AllOf, AnyOf, Expression, Phrase

#: Tokens of one record and language that are indexed, for each of title, summary and body. What
#: lies behind them in a very long text is not found: PostgreSQL counts 16,383 positions.
MAX_TOKENS = (500, 2_000, 13_000)
#: Django's names for ``SearchEntry`` and ``SearchText``.
ENTRY_TABLE = "publishing_searchentry"
TEXT_TABLE = "publishing_searchtext"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one ``SearchEntry``, by its primary key."""

    entry_id: int
    title: Sequence[str]
    summary: Sequence[str]
    body: Sequence[str]

    def parts(self) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Title, summary and body, each as long as may be stored."""
        title, summary, body = MAX_TOKENS
        return self.title[:title], self.summary[:summary], self.body[:body]


class Backend(ABC):
    """Stores and finds tokens. Everything runs in the caller's transaction."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def execute(self, sql: str, params: Sequence[Any] | None = None) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, params)

    @abstractmethod
    def create(self) -> None:
        """Make the place for the tokens, beside the table of ``SearchText``."""

    @abstractmethod
    def drop(self) -> None:
        """Undo ``create``."""

    @abstractmethod
    def write(self, rows: Sequence[Tokens]) -> None:
        """Store tokens, replacing what was stored for the same entries."""

    @abstractmethod
    def remove(self, entry_ids: Sequence[int]) -> None:
        """Forget the tokens of entries."""

    @abstractmethod
    def clear(self) -> None:
        """Forget all tokens."""

    @abstractmethod
    def matches(self, expression: Expression, *, ranked: bool) -> tuple[str, list[Any]]:
        """SQL and parameters that select ``id`` and ``rank`` (small is good) of all matches.

        Without ``ranked``, ``rank`` is 0 and costs nothing.
        """

    def render(self, expression: Expression) -> str:
        """The expression in the database's query language."""
        match expression:
            case Phrase():
                return self.render_phrase(expression)
            case AllOf(parts):
                return self._joined(parts, self.and_operator)
            case AnyOf(parts):
                return self._joined(parts, self.or_operator)
        raise TypeError(f"Not a search expression: {expression!r}")

    and_operator: str
    or_operator: str

    @abstractmethod
    def render_phrase(self, phrase: Phrase) -> str:
        """One phrase in the database's query language. Tokens hold only letters and digits."""

    def _joined(self, parts: Sequence[Expression], operator: str) -> str:
        rendered = list(dict.fromkeys(self.render(part) for part in parts))
        return rendered[0] if len(rendered) == 1 else f"({operator.join(rendered)})"
