"""Reading what a visitor typed. Nothing that can be typed is an error.

The words of a query are all sought; a run of Han characters is a phrase. If that finds nothing,
the relaxed form asks for less: the parts of a run may stand apart ("肇庆园区" finds a text with
"肇庆" and "园区"), a longer word may be a beginning ("electro").
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import chain

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from publishing.search.tokens import fold, pairs, pieces, stem

MAX_LENGTH = 100
MAX_TERMS = 12
#: Longer runs are not cut into parts: too many ways, and no more than a sentence was meant.
MAX_RELAXED_RUN = 12
SHORTEST_BEGINNING = 4

#: Words that a question has and a good answer need not have.
FUNCTION_WORDS = frozenset(
    {
        "a", "an", "and", "are", "as", "at", "be", "by", "do", "for", "from", "how", "in", "is",
        "it", "not", "of", "on", "or", "s", "the", "to", "was", "what", "when", "where", "which",
        "who", "with",
    }
)  # fmt: skip
FUNCTION_CHARACTERS = re.compile("[的和与及或在了]")
ORDINARY_SIGNS = frozenset(" \t\r\n.,-–—'’/&·、，。?？!！…")


class Note(TextChoices):
    """What was done to the query, in the visitor's words."""

    SHORTENED = "shortened", _("Only the first part of your text was searched; it is very long.")
    UNREADABLE = "unreadable", _("Characters that cannot be read were left out.")
    SIGNS = "signs", _("Quotation marks, operators and other signs are ignored.")
    NO_WORDS = "no_words", _("A search needs at least one letter, digit or Chinese character.")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens one after the other; with ``is_beginning`` the last may go on."""

    tokens: tuple[str, ...]
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part matches."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part matches."""

    parts: tuple[Expression, ...]


Expression = Phrase | AllOf | AnyOf


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a run of Han characters, folded."""

    text: str
    is_han: bool

    def phrase(self) -> Phrase:
        """The tokens that ``index_tokens`` has for this text."""
        if not self.is_han:
            return Phrase((stem(self.text),))
        return Phrase(tuple(pairs(self.text)) or (self.text,))


@dataclass(frozen=True, slots=True)
class Query:
    """A query that any backend can run. ``text`` is what is shown in the box again."""

    text: str
    terms: tuple[Term, ...]
    notes: tuple[Note, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.terms)

    def strict(self) -> Expression:
        """All terms, runs as phrases."""
        return AllOf(tuple(term.phrase() for term in self.terms))

    def relaxed_terms(self) -> tuple[tuple[tuple[Term, ...], ...], ...]:
        """For each term the ways to take it apart, each a tuple of smaller terms."""
        return tuple(chain.from_iterable(map(_ways_apart, self.terms)))

    def relaxed(self) -> Expression | None:
        """What to ask when the strict form finds nothing; None if it could find no more."""
        parts = tuple(
            AnyOf(tuple(AllOf(tuple(map(_loosely, way))) for way in ways))
            for ways in self.relaxed_terms()
        )
        expression = AllOf(parts)
        plain = AllOf(tuple(AnyOf((AllOf((term.phrase(),)),)) for term in self.terms))
        return None if expression == plain else expression


def _loosely(term: Term) -> Phrase:
    """A longer word may be the beginning of one."""
    if term.is_han or len(term.text) < SHORTEST_BEGINNING:
        return term.phrase()
    return Phrase((stem(term.text),), is_beginning=True)


def _ways_apart(term: Term) -> list[tuple[tuple[Term, ...], ...]]:
    """Ways to cut a term, one list for each part between function characters."""
    if not term.is_han:
        return [((term,),)]
    runs = [run for run in FUNCTION_CHARACTERS.split(term.text) if run] or [term.text]
    ways = []
    for run in runs:
        cuts = _cuts(len(run)) if len(run) <= MAX_RELAXED_RUN else ()
        ways.append(tuple(_cut(run, cut) for cut in cuts) or ((Term(run, is_han=True),),))
    return ways


def _cut(run: str, lengths: tuple[int, ...]) -> tuple[Term, ...]:
    parts, start = [], 0
    for length in lengths:
        parts.append(Term(run[start : start + length], is_han=True))
        start += length
    return tuple(parts)


@cache
def _cuts(length: int) -> tuple[tuple[int, ...], ...]:
    """All ways to write ``length`` as a sum of 2s and 3s: most Chinese words have two or three
    characters, and longer ones are matched by their parts."""
    if length < 2:
        return ()
    ways = [(length,)] if length in (2, 3) else []
    for first in (2, 3):
        ways += [(first, *rest) for rest in _cuts(length - first)]
    return tuple(ways)


def parse_query(raw: str) -> Query:
    """Read a visitor's text; what could not be used is named in ``notes``."""
    notes: list[Note] = []
    considered = raw[: MAX_LENGTH * 4]
    readable = "".join(
        sign if sign.isspace() or (sign.isprintable() and sign != "\ufffd") else "\0"
        for sign in considered
    )
    if "\0" in readable:
        notes.append(Note.UNREADABLE)
    text = " ".join(readable.replace("\0", " ").split())
    found = [Term(piece.text, piece.is_han) for piece in pieces(fold(text[:MAX_LENGTH]))]
    terms = list(dict.fromkeys(found))
    terms = [term for term in terms if term.text not in FUNCTION_WORDS] or terms
    if len(text) > MAX_LENGTH or len(raw) > len(considered) or len(terms) > MAX_TERMS:
        notes.append(Note.SHORTENED)
    text, terms = text[:MAX_LENGTH].rstrip(), terms[:MAX_TERMS]
    if not terms and (text or notes):
        notes.append(Note.NO_WORDS)
    elif any(unicodedata.category(sign)[0] in "PS" and sign not in ORDINARY_SIGNS for sign in text):
        notes.append(Note.SIGNS)
    return Query(text, tuple(terms), tuple(notes))
