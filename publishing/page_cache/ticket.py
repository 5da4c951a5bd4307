"""How a view tells the page cache around Django that its answer may be kept.

The cache puts a ticket into the WSGI environment; a view that is sure of its answer writes on it.
No header is needed that a proxy or a visitor could forge, and without the cache (tests, the
development server) there is simply no ticket.
"""

from __future__ import annotations

from typing import Any

from publishing.versions import State

NAME = "publishing.page_cache.ticket"


class Ticket:
    """What one request may leave in the store."""

    __slots__ = ("content", "state")

    def __init__(self) -> None:
        self.content: bytes | None = None
        self.state: State | None = None

    def keep(self, content: bytes, state: State) -> None:
        """Let ``content``, uncompressed, answer this address for as long as ``state`` lasts."""
        self.content, self.state = content, state


def ticket_of(environ: dict[str, Any]) -> Ticket | None:
    """The ticket of this request; None when it did not come through the page cache."""
    return environ.get(NAME)
