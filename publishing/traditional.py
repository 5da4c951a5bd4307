"""繁體 made from 简体: OpenCC's Hong Kong standard, bound to the portal's glossary.

Converted by program, not translated: the texts are marked as machine made until a person has
read them. ``data/glossary_hant.json`` holds what OpenCC does not know: ``terms`` are whole words
of the Simplified text, ``characters`` are put right afterwards. ``data/interface_hant.json`` adds
the words that Hong Kong uses at a screen; in the texts of editors they may be parts of names.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import opencc
from django.db import models

from core.languages import column, translated_fields

DATA = Path(__file__).parent / "data"
GLOSSARY = DATA / "glossary_hant.json"
INTERFACE = DATA / "interface_hant.json"
SIMPLIFIED = "zh-hans"
TRADITIONAL = "zh-hant"

#: Tags and entities of HTML, and addresses, are no text: an address must stay what it is.
NOT_TEXT = re.compile(r"(<[^<>]*>|&[a-zA-Z0-9#]+;|https?://[^\s<>\"]+)")


class Converter:
    """OpenCC with the glossary around it. Loading takes some 20 ms, so keep one."""

    def __init__(self, terms: dict[str, str], characters: dict[str, str]) -> None:
        self.opencc = opencc.OpenCC("s2hk")
        self.terms = terms
        longest_first = sorted(terms, key=len, reverse=True)
        self.words = re.compile("|".join(map(re.escape, longest_first))) if terms else None
        self.characters = str.maketrans(characters)

    def convert(self, text: str) -> str:
        """``text`` without markup, in Traditional characters."""
        if self.words is None:
            return self._plain(text)
        converted, position = [], 0
        for match in self.words.finditer(text):
            converted += [self._plain(text[position : match.start()]), self.terms[match[0]]]
            position = match.end()
        return "".join([*converted, self._plain(text[position:])])

    def _plain(self, text: str) -> str:
        return self.opencc.convert(text).translate(self.characters) if text else ""


@cache
def converter() -> Converter:
    """For what editors write."""
    return Converter(**json.loads(GLOSSARY.read_text(encoding="utf-8")))


@cache
def interface_converter() -> Converter:
    """For buttons, labels and messages: the glossary and the words of the screen."""
    glossary = json.loads(GLOSSARY.read_text(encoding="utf-8"))
    interface = json.loads(INTERFACE.read_text(encoding="utf-8"))
    return Converter({**glossary["terms"], **interface["terms"]}, glossary["characters"])


def to_traditional(text: str, using: Converter | None = None) -> str:
    """``text`` (plain or HTML) in Traditional characters; tags and addresses stay as they are.

    ``using`` is the converter of the texts' kind, by default that for what editors write.
    """
    convert = (using or converter()).convert
    parts = NOT_TEXT.split(text or "")
    # Odd places hold what the pattern caught.
    return "".join(part if place % 2 else convert(part) for place, part in enumerate(parts))


def fill_traditional(record: models.Model) -> list[str]:
    """Set the 繁體 columns of ``record`` that are empty or machine made; nothing is saved.

    Returns the names of the fields that now have another text. What a person wrote in 繁體 is
    never touched; records that keep no translation states have only their empty columns filled.
    """
    made = getattr(record, "translation_states", {}).get(TRADITIONAL, {})
    changed = []
    for field in translated_fields(type(record)):
        simplified = getattr(record, column(field, SIMPLIFIED))
        present = getattr(record, column(field, TRADITIONAL))
        is_machine_made = made.get(field, [""])[0] == "machine"
        if not simplified or (present and not is_machine_made):
            continue
        traditional = to_traditional(simplified)
        # Forget the old basis, so that saving notes today's text as what was converted.
        made.pop(field, None)
        if traditional != present:
            setattr(record, column(field, TRADITIONAL), traditional)
            changed.append(field)
    return changed


def produce_traditional(record: Any) -> list[str]:
    """Fill and save: the converted texts count as machine made. Returns the changed fields."""
    keeps_states = hasattr(record, "translation_states")
    if keeps_states and record.source_language == TRADITIONAL:
        return []
    changed = fill_traditional(record)
    if keeps_states:
        record.save(machine_languages=frozenset({TRADITIONAL}))
    elif changed:
        record.save(update_fields=[column(field, TRADITIONAL) for field in changed])
    return changed
