"""What a search backend does.

Statements are put together from names of tables and numbers that stand in this package; what was
typed, and what a text holds, goes in as a parameter. So S608 is answered where it is asked.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from publishing.search.places import Shelf
from publishing.search.query import AllOf, AnyOf, Expression, Phrase
from publishing.search.tokens import TITLE_MARK

#: Tokens of one record and language that are indexed, for each of title, summary and body. What
#: lies behind them in a very long text is not found: PostgreSQL counts 16,383 positions.
MAX_TOKENS = (500, 2_000, 13_000)
#: The longest text of which tokens are indexed has no more triples.
MAX_BESIDE = 20_000
#: Up to this many matches all are ranked by the whole of their texts.
MAX_RANKED = 1_000
#: Instead of the key of an entry: there are more.
TOO_MANY = -1
#: Of more, this many are taken from each shelf, the newest, and those of the newest titles.
TAKEN_OF_MANY, TITLES_OF_MANY = 60, 20
#: Django's names for ``SearchEntry`` and ``SearchText``.
ENTRY_TABLE = "publishing_searchentry"
TEXT_TABLE = "publishing_searchtext"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of one ``SearchEntry``, by its primary key and its place.

    ``beside`` are those without a place in the text: triples and the marked ones of the title.
    """

    entry_id: int
    title: Sequence[str]
    summary: Sequence[str]
    body: Sequence[str]
    beside: Sequence[str]
    shelf: Shelf
    place: int

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
    def add_newest(self) -> None:
        """Make what ``newest_matches`` needs. The index is to be written anew afterwards."""

    @abstractmethod
    def remove_newest(self) -> None:
        """Undo ``add_newest``."""

    @abstractmethod
    def write(self, rows: Sequence[Tokens]) -> None:
        """Store tokens, replacing what was stored for the same entries."""

    @abstractmethod
    def remove(self, places: Sequence[int]) -> None:
        """Forget the tokens of entries that have, or had, these places."""

    @abstractmethod
    def clear(self) -> None:
        """Forget all tokens."""

    @abstractmethod
    def all_matches(self, expression: Expression, *, ranked: bool) -> tuple[str, list[Any]]:
        """SQL and parameters that select ``id`` and ``rank`` (small is good) of all matches, or
        the single ``id`` ``TOO_MANY`` if there are more than ``MAX_RANKED``.

        Without ``ranked``, ``rank`` is 0 and costs nothing.
        """

    @abstractmethod
    def newest_matches(
        self, expression: Expression, shelves: Sequence[Shelf], *, ranked: bool
    ) -> tuple[str, list[Any]]:
        """The same for the newest ``TAKEN_OF_MANY`` of each shelf, however many there are.

        With ``ranked`` also the newest ``TITLES_OF_MANY`` with a match in the title; they rank
        before the others. The SQL reads ``visible``, where the statement around it has what the
        visitor may see.
        """

    def asked_of_many(self, expression: Expression, *, ranked: bool) -> list[tuple[int, str, int]]:
        """What to ask of a shelf: the rank of the answers, the query, how many to take."""
        asked = [(1, self.render(by_tokens(expression)), TAKEN_OF_MANY)]
        if ranked:
            asked.append((0, self.render(in_title(expression)), TITLES_OF_MANY))
        return asked

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


def with_triples(expression: Expression) -> Expression:
    """The same, and every run of three or more Han characters also by its triples.

    Both find the same; but a database has to read the texts for a phrase, and not for a token.
    """
    return _rewritten(expression, lambda run: _tokens(*triples_of(run), beside=run))


def by_tokens(expression: Expression) -> Expression:
    """The same, and three Han characters only by their triple: for matches without a rank."""

    def shortest(run: Phrase) -> Expression:
        return _tokens(*triples_of(run), beside=None if len(run.tokens) == 2 else run)

    return _rewritten(expression, shortest)


def in_title(expression: Expression) -> Expression:
    """The same, with all words in a title. Of long runs, the parts must be in the title."""

    def marked(phrase: Phrase) -> Expression:
        tokens = triples_of(phrase) or phrase.tokens
        return _tokens(
            *(TITLE_MARK + token for token in tokens),
            beside=phrase if is_long(phrase) else None,
            is_beginning=phrase.is_beginning,
        )

    return _rewritten(expression, marked)


def triples_of(phrase: Phrase) -> list[str]:
    """The triples of a run that was cut into pairs."""
    return [first + second[-1] for first, second in pairwise(phrase.tokens)]


def is_long(phrase: Phrase) -> bool:
    """Whether its triples might stand apart in a text."""
    return len(phrase.tokens) > 2


def _rewritten(expression: Expression, rewrite: Callable[[Phrase], Expression]) -> Expression:
    match expression:
        case AllOf(parts):
            return AllOf(tuple(_rewritten(part, rewrite) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(_rewritten(part, rewrite) for part in parts))
        case Phrase():
            return rewrite(expression)
    raise TypeError(f"Not a search expression: {expression!r}")


def _tokens(*tokens: str, beside: Phrase | None, is_beginning: bool = False) -> AllOf:
    found: list[Expression] = [Phrase((token,), is_beginning) for token in tokens]
    return AllOf((*found, beside) if beside else tuple(found))
