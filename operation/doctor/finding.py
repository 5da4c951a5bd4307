"""One line of the doctor: a word, what was looked at, what is to be done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Word = Literal["OK", "WARN", "FAIL"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``remedy`` is empty when nothing has to be done. Neither holds a secret."""

    word: Word
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        line = f"{self.word:<4}  {self.what}"
        return f"{line}\n      → {self.remedy}" if self.remedy else line


#: A look at one subject; may take long or raise, then it is called "no answer".
Look = Callable[[], Iterator[Finding]]


def ok(what: str) -> Finding:
    return Finding("OK", what)


def warn(what: str, remedy: str) -> Finding:
    """Works, but not as it should."""
    return Finding("WARN", what, remedy)


def fail(what: str, remedy: str) -> Finding:
    """Does not work, or will lose something."""
    return Finding("FAIL", what, remedy)
