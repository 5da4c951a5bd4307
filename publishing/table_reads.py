"""Which tables a piece of a page was made from, told by the statements that were run for it.

Nobody has to write down what a piece shows, so nothing can be forgotten: neither a related row
nor a query that a tag makes deep inside an include. The statements themselves are noted, too: while
they give the same rows, what was made of these is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.utils import timezone

from publishing.search_models import SearchEntry, SearchText
from publishing.versions import CONTENT_APPS, EVERYTHING

WORD = re.compile(r"\w+")
#: How SQLite is given a moment.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:")


class Value(Enum):
    """What stands for a value that is another one each time."""

    NOW = "now"


class Statement(NamedTuple):
    """Something that was read. Without ``sql`` it cannot be read again."""

    tables: frozenset[str]
    sql: str = ""
    params: tuple[Any, ...] = ()


def tables_of(statements: Iterable[Statement]) -> set[str]:
    """All tables that ``statements`` read."""
    return set().union(*(statement.tables for statement in statements))


class Reads:
    """Statements run since a piece was begun.

    ``own`` were run by the piece itself; ``statements`` adds those of the pieces inside it, be they
    made now or taken from the store.
    """

    def __init__(self, outer: Reads | None) -> None:
        self.outer = outer
        self.begun: datetime = outer.begun if outer else timezone.now()
        self.own: set[Statement] = set()
        self.statements: set[Statement] = set()

    @property
    def tables(self) -> set[str]:
        return tables_of(self.statements)

    def with_surroundings(self) -> set[Statement]:
        """What a piece may show: its own reads, and values that were read around it before."""
        found = set(self.statements)
        outer = self.outer
        while outer is not None:
            found |= outer.own
            outer = outer.outer
        return found


_current: ContextVar[Reads | None] = ContextVar("table_reads", default=None)


@contextmanager
def noted_reads() -> Iterator[Reads]:
    """What the block reads."""
    outer = _current.get()
    reads = Reads(outer)
    token = _current.set(reads)
    try:
        if outer is None:
            with connection.execute_wrapper(_note_statement):
                yield reads
        else:
            yield reads
    finally:
        _current.reset(token)
        if outer is not None:
            outer.statements |= reads.statements


def note_kept(statements: Iterable[Statement]) -> None:
    """Something made from ``statements`` was taken from the store."""
    reads = _current.get()
    if reads is not None:
        reads.statements.update(statements)


def _note_statement(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    reads = _current.get()
    if reads is not None:
        # The same text as before, which is long, in the place of its double.
        sql, tables = _known(sql)
        if tables:
            statement = Statement(tables)
            if sql.startswith("SELECT ") and isinstance(params, list | tuple) and not many:
                statement = _repeatable(sql, tables, tuple(params), reads.begun)
            reads.own.add(statement)
            reads.statements.add(statement)
    return execute(sql, params, many, context)


def _repeatable(
    sql: str, tables: frozenset[str], values: tuple[Any, ...], begun: datetime
) -> Statement:
    """The statement with the time of its asking left open; or without text, if another moment
    is among its values: nobody knows what that one would be the next time."""
    if any(_is_moment(value) for value in values):
        earliest, latest = moment_value(begun), moment_value(timezone.now())
        values = tuple(
            Value.NOW
            if isinstance(value, type(earliest)) and earliest <= value <= latest
            else value
            for value in values
        )
    if any(_is_moment(value) for value in values):
        return Statement(tables)
    try:
        return _one_of_equals(Statement(tables, sql, values))
    except TypeError:  # a list, on PostgreSQL
        return Statement(tables)


def _is_moment(value: object) -> bool:
    return isinstance(value, datetime) or (isinstance(value, str) and bool(MOMENT.match(value)))


def moment_value(moment: datetime) -> Any:
    """``moment`` as this database is given it."""
    return connection.ops.adapt_datetimefield_value(moment)


@lru_cache(maxsize=4000)
def _one_of_equals(statement: Statement) -> Statement:
    return statement


@lru_cache(maxsize=300)
def _known(sql: str) -> tuple[str, frozenset[str]]:
    """``sql`` and the tables of content that it names. The search index holds something of all."""
    words = set(WORD.findall(sql))
    if words & _search_tables():
        return sql, frozenset({EVERYTHING})
    return sql, frozenset(words & _content_tables())


@cache
def _content_tables() -> frozenset[str]:
    models = apps.get_models(include_auto_created=True)
    return frozenset(
        model._meta.db_table for model in models if model._meta.app_label in CONTENT_APPS
    )


@cache
def _search_tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in (SearchEntry, SearchText))
