"""Which tables a piece of a page was made from, told by the statements that were run for it.

Nobody has to write down what a piece shows, so nothing can be forgotten: neither a related row
nor a query that a tag makes deep inside an include.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from typing import Any

from django.apps import apps
from django.db import connection

from publishing.search_models import SearchEntry, SearchText
from publishing.versions import CONTENT_APPS, EVERYTHING

WORD = re.compile(r"\w+")


class Reads:
    """Tables read since a piece was begun.

    ``own`` were read by the piece itself; ``tables`` adds those of the pieces inside it, be they
    made now or taken from the store.
    """

    def __init__(self, outer: Reads | None) -> None:
        self.outer = outer
        self.own: set[str] = set()
        self.tables: set[str] = set()

    def with_surroundings(self) -> set[str]:
        """What a piece may show: its own reads, and values that were read around it before."""
        found = set(self.tables)
        outer = self.outer
        while outer is not None:
            found |= outer.own
            outer = outer.outer
        return found


_current: ContextVar[Reads | None] = ContextVar("table_reads", default=None)


@contextmanager
def noted_reads() -> Iterator[Reads]:
    """The tables that the block reads."""
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
            outer.tables |= reads.tables


def note_kept(tables: Iterable[str]) -> None:
    """Something made from ``tables`` was taken from the store."""
    reads = _current.get()
    if reads is not None:
        reads.tables.update(tables)


def _note_statement(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    reads = _current.get()
    if reads is not None:
        tables = tables_in(sql)
        reads.own |= tables
        reads.tables |= tables
    return execute(sql, params, many, context)


@lru_cache(maxsize=200)
def tables_in(sql: str) -> frozenset[str]:
    """Tables of content that a statement names. The search index holds something of everything."""
    words = set(WORD.findall(sql))
    if words & _search_tables():
        return frozenset({EVERYTHING})
    return frozenset(words & _content_tables())


@cache
def _content_tables() -> frozenset[str]:
    models = apps.get_models(include_auto_created=True)
    return frozenset(
        model._meta.db_table for model in models if model._meta.app_label in CONTENT_APPS
    )


@cache
def _search_tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in (SearchEntry, SearchText))
