"""Showing a visitor why something was found: marked words and a fitting excerpt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from publishing.search.query import Term
from publishing.search.tokens import HAN, flatten, simplify, stem

Span = tuple[int, int]
LETTER = rf"[^\W_{HAN}]"
#: Characters of an excerpt; a Han character says about as much as two and a half Latin letters.
LENGTH, HAN_LENGTH = 190, 80
#: Enough to choose a good place in a long text.
MAX_SPANS = 60

_flatten_one = lru_cache(maxsize=8192)(flatten)


def fold_with_places(text: str) -> tuple[str, Sequence[int]]:
    """The folded text, and for each of its characters the place it has in ``text``.

    Folding can lengthen ("㎡" → "m2") or shorten a text (accents written apart).
    """
    folded = simplify(flatten(text))
    if len(folded) == len(text):
        return folded, range(len(text) + 1)
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        flat = _flatten_one(character)
        characters.append(flat)
        places += [place] * len(flat)
    flat_text = "".join(characters)
    simple = simplify(flat_text)
    if len(simple) != len(flat_text):
        simple = flat_text
    return simple, [*places, len(text)]


def find_spans(text: str, terms: Iterable[Term], *, beginnings: bool = False) -> list[Span]:
    """Where the terms stand in ``text``, in order and without overlap.

    ``beginnings`` also takes words that only begin with a term.
    """
    folded, places = fold_with_places(text)
    spans: list[Span] = []
    for term in terms:
        matches = _han_matches if term.is_han else _word_matches
        spans += matches(folded, term.text, beginnings)
    # The next character's place comes after accents that are written apart.
    in_text = ((places[start], max(places[end - 1] + 1, places[end])) for start, end in spans)
    return _merged(sorted(in_text))


def _han_matches(folded: str, run: str, _beginnings: bool) -> list[Span]:
    found: list[Span] = []
    start = folded.find(run)
    while start >= 0 and len(found) < MAX_SPANS:
        found.append((start, start + len(run)))
        start = folded.find(run, start + len(run))
    return found


def _word_matches(folded: str, word: str, beginnings: bool) -> list[Span]:
    root = stem(word)
    # "industry" has the stem "industri", so the last letter of a stem need not be there.
    prefix = root[:-1] if len(root) > 3 else root
    pattern = _word_pattern(prefix)
    found: list[Span] = []
    for match in pattern.finditer(folded):
        found_root = stem(match[0])
        if found_root == root or (beginnings and found_root.startswith(root)):
            found.append(match.span())
            if len(found) == MAX_SPANS:
                break
    return found


@lru_cache(maxsize=256)
def _word_pattern(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!{LETTER}){re.escape(prefix)}{LETTER}*")


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def marked(text: str, spans: Sequence[Span], start: int = 0, end: int | None = None) -> SafeString:
    """The text from ``start`` to ``end`` as safe HTML, with the spans in ``<mark>``."""
    end = len(text) if end is None else end
    html: list[str] = []
    place = start
    for first, last in spans:
        if last <= start or first >= end:
            continue
        first, last = max(first, start), min(last, end)
        html += [_escaped(text[place:first]), "<mark>", _escaped(text[first:last]), "</mark>"]
        place = last
    html.append(_escaped(text[place:end]))
    return mark_safe("".join(html))  # noqa: S308 - every part of the text is escaped above


def _escaped(text: str) -> str:
    return conditional_escape(str(text))


def excerpt(text: str, spans: Sequence[Span], *, is_han: bool) -> SafeString:
    """The stretch of ``text`` with the most matches, marked; its beginning if there are none."""
    length = HAN_LENGTH if is_han else LENGTH
    if len(text) <= length:
        return marked(text, spans)
    start = 0
    if spans:
        first = max(
            range(len(spans)),
            key=lambda nth: (_count_within(spans, nth, length * 3 // 4), -nth),
        )
        start = _start_of_word(text, max(0, spans[first][0] - length // 4), spans[first][0])
    end = _end_of_word(text, min(len(text), start + length))
    before = "…" if start else ""
    after = "…" if end < len(text) else ""
    return mark_safe(f"{before}{marked(text, spans, start, end)}{after}")  # noqa: S308


def _count_within(spans: Sequence[Span], nth: int, length: int) -> int:
    limit = spans[nth][0] + length
    return sum(1 for start, end in spans[nth:] if end <= limit)


def _start_of_word(text: str, start: int, latest: int) -> int:
    """The first beginning of a word or sentence at or after ``start``, at most ``latest``."""
    if start == 0:
        return 0
    for place in range(start, latest):
        if text[place - 1] in " 。；！？，、":
            return place
    return start if re.match(rf"[{HAN}]", text[start]) else latest


def _end_of_word(text: str, end: int) -> int:
    """The end of the word in which ``end`` lies, or ``end`` in Chinese text."""
    for place in range(end, min(end + 20, len(text))):
        if not (text[place].isascii() and text[place].isalnum()):
            return place
    return end
