"""The place of an entry among all others: by kind, then by language, then newest first.

One number holds all of it, so that an index in the order of places finds the newest entries of a
kind in a language without reading the others. SQLite's token table has it as its ``rowid``.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from zlib import crc32

from core.languages import LANGUAGE_CODES
from core.partial_dates import PartialDate

#: 63 bits in all. Two kinds may share a number: who asks for a range of places also compares kinds.
KIND_BITS, LANGUAGE_BITS, DATE_BITS, KEY_BITS = 8, 2, 21, 32
LAST_KEY = (1 << KEY_BITS) - 1
LAST_DATE = (1 << DATE_BITS) - 1
SHELF_BITS = DATE_BITS + KEY_BITS


class Shelf(NamedTuple):
    """The entries of one kind in one language, newest first."""

    kind: str
    language: str

    def first(self) -> int:
        """The smallest number that a place on this shelf can have."""
        number = crc32(self.kind.encode()) % (1 << KIND_BITS)
        return ((number << LANGUAGE_BITS) + LANGUAGE_CODES.index(self.language)) << SHELF_BITS

    def last(self) -> int:
        """The largest."""
        return self.first() + (1 << SHELF_BITS) - 1


def place_of(shelf: Shelf, day: PartialDate | date | str | None, key: int) -> int:
    """Smaller is newer: databases read their indexes more easily from the beginning."""
    year, month, day_of_month = (*_parts(day), 0, 0, 0)[:3]
    number = (year << 9) + (month << 5) + day_of_month
    return shelf.first() + (LAST_DATE - number << KEY_BITS) + key


def _parts(day: PartialDate | date | str | None) -> tuple[int, ...]:
    return tuple(map(int, str(day).split("-"))) if day else ()
