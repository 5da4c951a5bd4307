"""Cutting text into search tokens: the same for records, queries and highlights.

Neither SQLite's FTS5 nor PostgreSQL's text search can cut Chinese, so this module does all of
the cutting and the database only stores and matches. Text is brought to one form first (NFKC, no
accents, lower case, Traditional → Simplified), then:

- a Latin word becomes its English stem: "Electronics" and "electronic" are one token;
- a run of Han characters becomes overlapping pairs, and its last character alone:
  "招商引资" → "招商", "商引", "引资", "资". A run of a query is a phrase of pairs; the single
  character between two runs keeps a phrase from matching across them;
- the other single characters follow once each at the end, so that one character can be sought.

A phrase of two common pairs would be looked for in half of all texts. So ``triples`` of Han
characters are stored besides, without their places: where a triple is missing, no phrase is. The
tokens of titles are stored once more with a mark, to find titles without reading other texts.

Japanese kana are cut like Han characters. A token holds letters and digits only: nothing in it
can be an operator or a quotation mark of the database's query language.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc

from core.late_modules import LateModule

# It brings along the rules of thirty languages.
snowballstemmer = LateModule("snowballstemmer")

HAN = (
    "\u3005\u3007\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
PIECES = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>[^\W_{HAN}]+)")
ACCENTS = re.compile("[\u0300-\u036f]+")
#: PostgreSQL takes lexemes of at most 2,046 bytes; no real word is this long.
MAX_WORD_LENGTH = 64

#: Begins the tokens of titles. A letter of nobody's script, which no text has after folding.
TITLE_MARK = "\ue000"

_local = threading.local()


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of Han characters or a word, with its place in the folded text."""

    text: str
    is_han: bool
    start: int
    end: int


@cache
def _simplifier() -> opencc.OpenCC:
    """Loaded at the first search or save, not at start-up: it takes some milliseconds."""
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Traditional characters → Simplified; other characters stay."""
    return text if text.isascii() else _simplifier().convert(text)


def flatten(text: str) -> str:
    """Compatibility forms, accents and capitals removed: "Ｓão" → "sao"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
    return unicodedata.normalize("NFC", ACCENTS.sub("", decomposed)).lower()


def fold(text: str) -> str:
    """The one form in which texts are compared."""
    return simplify(flatten(text))


def pieces(folded: str) -> Iterator[Piece]:
    """Runs and words of a folded text, in order; everything else separates them."""
    for match in PIECES.finditer(folded):
        yield Piece(match[0], match.lastgroup == "han", match.start(), match.end())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The English stem of a folded word. Words with digits or other letters stay whole."""
    word = word[:MAX_WORD_LENGTH]
    if not (word.isascii() and word.isalpha()):
        return word
    # The stemmer keeps its state in itself, so each thread has its own.
    if not hasattr(_local, "stemmer"):
        _local.stemmer = snowballstemmer.stemmer("english")
    return _local.stemmer.stemWord(word)


def pairs(run: str) -> list[str]:
    """Overlapping pairs of a run of two or more characters."""
    return [run[place : place + 2] for place in range(len(run) - 1)]


def index_tokens(text: str) -> list[str]:
    """All tokens of a text, in the order in which phrases are sought."""
    tokens: list[str] = []
    singles: dict[str, None] = {}
    for piece in pieces(fold(text)):
        if piece.is_han:
            tokens += pairs(piece.text)
            tokens.append(piece.text[-1])
            singles.update(dict.fromkeys(piece.text))
        else:
            tokens.append(stem(piece.text))
    return tokens + list(singles)


def triples(text: str) -> list[str]:
    """Every three Han characters in a row that a text has, once each."""
    runs = (piece.text for piece in pieces(fold(text)) if piece.is_han)
    return list(dict.fromkeys(run[at : at + 3] for run in runs for at in range(len(run) - 2)))


def title_marks(title: str) -> list[str]:
    """What is found in titles only, once each."""
    return [TITLE_MARK + token for token in dict.fromkeys(index_tokens(title) + triples(title))]
