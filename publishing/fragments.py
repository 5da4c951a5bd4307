"""Finished pieces of pages, kept in this process for as long as the content does not change.

Rendering is most of the cost of a page. A piece is stored under the state of the content
(``publishing.versions``), its language and its name, so an edit anywhere makes every process
forget everything at its next request: simple, and never stale.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from threading import Lock
from typing import TypeVar

from publishing.versions import State

#: Pieces and whole pages of some 20 to 60 kB each: about 20 MB a process.
MOST_FRAGMENTS = 1000
MOST_CHARACTERS = 20_000_000

Piece = TypeVar("Piece")


class FragmentStore:
    """Texts (and a few values) of one state of the content; the least recently used go first."""

    def __init__(self, most: int = MOST_FRAGMENTS, characters: int = MOST_CHARACTERS) -> None:
        self.most = most
        self.characters = characters
        self.state: State | None = None
        self.pieces: OrderedDict[Hashable, object] = OrderedDict()
        self.size = 0
        self.lock = Lock()

    def get_or_render(self, state: State, key: Hashable, render: Callable[[], Piece]) -> Piece:
        """The stored piece, or what ``render`` returns, stored."""
        piece = self.find(state, key)
        if piece is None:
            piece = render()
            self.keep(state, key, piece)
        return piece  # type: ignore[return-value]

    def find(self, state: State, key: Hashable) -> object | None:
        """The piece stored under ``key``; None if there is none in this ``state``."""
        with self.lock:
            if state != self.state:
                self._forget(state)
            elif key in self.pieces:
                self.pieces.move_to_end(key)
                return self.pieces[key]
        return None

    def keep(self, state: State, key: Hashable, piece: object) -> None:
        """Store ``piece``, unless the content has changed since it was begun."""
        with self.lock:
            if state != self.state or key in self.pieces:
                return
            self.pieces[key] = piece
            self.size += _length(piece)
            while self.pieces and (len(self.pieces) > self.most or self.size > self.characters):
                _key, gone = self.pieces.popitem(last=False)
                self.size -= _length(gone)

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self._forget(None)

    def _forget(self, state: State | None) -> None:
        self.state = state
        self.pieces.clear()
        self.size = 0


def _length(piece: object) -> int:
    """Characters or bytes; what has no length is small."""
    return len(piece) if isinstance(piece, Sized) else 0


fragments = FragmentStore()

#: Pages of searches. Of these there is no end, so they must not push out the others.
searches = FragmentStore(most=100)
