"""Finished pieces of pages, kept in this process for as long as what they show does not change.

Rendering is most of the cost of a page. A piece is stored under its name and language together
with the tables it was made from and their versions (``publishing.versions``), so an edit is seen
at the next request by whatever shows it, and leaves the rest alone: never stale.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sized
from threading import Lock
from typing import NamedTuple, TypeVar

from publishing.table_reads import Statement, note_kept, noted_reads, tables_of
from publishing.versions import Content, Stamp

#: Pieces and whole pages of some 2 to 60 kB each: about 20 MB a process.
MOST_FRAGMENTS = 2000
MOST_CHARACTERS = 12_000_000

Piece = TypeVar("Piece")


class Kept(NamedTuple):
    """A piece, what was read for it, the tables of that, and what they were like then."""

    piece: object
    statements: tuple[Statement, ...]
    tables: tuple[str, ...]
    stamp: Stamp


class FragmentStore:
    """Texts (and a few values) made from content; the least recently used go first."""

    def __init__(self, most: int = MOST_FRAGMENTS, characters: int = MOST_CHARACTERS) -> None:
        self.most = most
        self.characters = characters
        self.pieces: OrderedDict[Hashable, Kept] = OrderedDict()
        self.size = 0
        #: The mark of changes (``publishing.generation``) when the store was last filled.
        self.mark = b""
        self.lock = Lock()

    def get_or_render(self, content: Content, key: Hashable, render: Callable[[], Piece]) -> Piece:
        """The stored piece, or what ``render`` returns, stored.

        ``render`` must read for itself all that it shows: what was read before is not noted.
        """
        piece = self.find(content, key)
        if piece is None:
            with noted_reads() as reads:
                piece = render()
            self.keep(content, key, piece, reads.statements)
        return piece  # type: ignore[return-value]

    def find(self, content: Content, key: Hashable) -> object | None:
        """The piece stored under ``key``; None if there is none that is good for ``content``."""
        with self.lock:
            kept = self.pieces.get(key)
            if kept is None or kept.stamp != content.stamp(kept.tables):
                return None
            self.pieces.move_to_end(key)
        note_kept(kept.statements)
        return kept.piece

    def keep(
        self, content: Content, key: Hashable, piece: object, statements: Iterable[Statement]
    ) -> None:
        """Store ``piece``, made from what ``statements`` gave, in the place of an older one.

        ``content`` is what was known before the piece was begun. If a table has changed since, its
        version there is old, and nobody who knows better will be given the piece.
        """
        read = tuple(statements)
        tables = tuple(sorted(tables_of(read)))
        with self.lock:
            self._drop(key)
            self.pieces[key] = Kept(piece, read, tables, content.stamp(tables))
            self.size += _length(piece)
            while self.pieces and (len(self.pieces) > self.most or self.size > self.characters):
                self._drop(next(iter(self.pieces)))

    def clear(self) -> None:
        """Forget everything."""
        with self.lock:
            self.pieces.clear()
            self.size = 0
            self.mark = b""

    def _drop(self, key: Hashable) -> None:
        kept = self.pieces.pop(key, None)
        if kept is not None:
            self.size -= _length(kept.piece)


def _length(piece: object) -> int:
    """Characters or bytes; what has no length is small."""
    return len(piece) if isinstance(piece, Sized) else 0


fragments = FragmentStore()

#: Pages of searches. Of these there is no end, so they must not push out the others.
searches = FragmentStore(most=100)

#: Numbers that cost a look at all rows of a list. Filters can be put together in thousands of ways.
counts = FragmentStore(most=1000)


def forget_everything() -> None:
    """Empty all stores of this process, as after a start."""
    for store in (fragments, searches, counts):
        store.clear()
