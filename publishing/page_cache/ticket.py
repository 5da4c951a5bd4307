"""How a view tells the page cache around Django that its answer may be kept.

The cache puts a ticket into the WSGI environment; a view that is sure of its answer writes on it.
No header is needed that a proxy or a visitor could forge, and without the cache (tests, the
development server) there is simply no ticket.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from publishing.table_reads import Statement, tables_of
from publishing.versions import Content, Stamp

NAME = "publishing.page_cache.ticket"


class Kept(NamedTuple):
    """A page that a view allows to be kept."""

    body: bytes
    tables: tuple[str, ...]
    stamp: Stamp
    statements: tuple[Statement, ...] = ()


class Ticket:
    """What one request may leave in the store."""

    __slots__ = ("kept",)

    def __init__(self) -> None:
        self.kept: Kept | None = None

    def keep(self, body: bytes, content: Content, statements: Iterable[Statement]) -> None:
        """Let ``body``, uncompressed and made from what ``statements`` gave, answer this address.

        ``content`` is what was known before the page was begun: a table that has changed since is
        older there, and the page will not be taken for a current one.
        """
        read = tuple(statements)
        tables = tuple(sorted(tables_of(read)))
        self.kept = Kept(body, tables, content.stamp(tables), read)


def ticket_of(environ: dict[str, Any]) -> Ticket | None:
    """The ticket of this request; None when it did not come through the page cache."""
    return environ.get(NAME)
