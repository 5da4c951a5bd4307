"""How far each text of a record is translated, and whether the translation still fits.

Every record has a source language. A translation is *missing*, *machine* made, *reviewed* by a
person, or *outdated*: the source text has changed since the translation was written. The basis of
each translation (a digest of the source text at that time) is stored with the record, so knowing
the state costs no query.
"""

import hashlib
from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.languages import LANGUAGE_CODES, column, translated_fields

#: Shown to search engines and on shared links only; empty means "take title and summary".
OPTIONAL_FIELDS = frozenset({"seo_title", "seo_description"})


class TranslationState(models.TextChoices):
    """State of one text in one language, the worst first."""

    MISSING = "missing", _("Missing")
    OUTDATED = "outdated", _("Outdated")
    MACHINE = "machine", _("Converted by machine")
    REVIEWED = "reviewed", _("Reviewed")


_WORST_FIRST = list(TranslationState)


def digest(text: str | None) -> str:
    """Short fingerprint of a text; the same for None and for nothing."""
    return hashlib.blake2b((text or "").encode(), digest_size=6).hexdigest()


def update_states(
    record: models.Model,
    previous: Mapping[str, str | None] | None,
    machine_languages: frozenset[str] = frozenset(),
) -> None:
    """Write into ``record.translation_states`` what this save changes.

    ``previous`` maps column names to the texts in the database, or is None for a new record.
    Texts in ``machine_languages`` that changed count as machine made, all others as reviewed.
    """
    states = {language: dict(fields) for language, fields in record.translation_states.items()}
    for field in translated_fields(type(record)):
        basis = digest(getattr(record, column(field, record.source_language)))
        for language in LANGUAGE_CODES:
            name = column(field, language)
            text = getattr(record, name)
            known = states.setdefault(language, {})
            if not text or language == record.source_language:
                known.pop(field, None)
            elif field not in known or previous is None or text != (previous.get(name) or ""):
                made = "machine" if language in machine_languages else "reviewed"
                known[field] = [made, basis]
    record.translation_states = {language: fields for language, fields in states.items() if fields}


def confirm_translations(record: models.Model) -> None:
    """Say that every text that exists fits its source: nothing is outdated or machine made."""
    states: dict[str, dict[str, list[str]]] = {}
    for field in translated_fields(type(record)):
        basis = digest(getattr(record, column(field, record.source_language)))
        for language in LANGUAGE_CODES:
            if language != record.source_language and getattr(record, column(field, language)):
                states.setdefault(language, {})[field] = ["reviewed", basis]
    record.translation_states = states


def field_state(record: models.Model, field: str, language: str) -> TranslationState | None:
    """State of one text, or None where there is nothing to translate."""
    source = getattr(record, column(field, record.source_language))
    text = getattr(record, column(field, language))
    if language == record.source_language or not source:
        return TranslationState.REVIEWED if text else None
    if not text:
        return None if field in OPTIONAL_FIELDS else TranslationState.MISSING
    made, basis = record.translation_states.get(language, {}).get(field, ["reviewed", None])
    if basis is not None and basis != digest(source):
        return TranslationState.OUTDATED
    return TranslationState(made)


def language_state(record: models.Model, language: str) -> TranslationState:
    """The worst state of all texts of ``record`` in ``language``."""
    found = {
        state
        for field in translated_fields(type(record))
        if (state := field_state(record, field, language)) is not None
    }
    return next((state for state in _WORST_FIRST if state in found), TranslationState.MISSING)
