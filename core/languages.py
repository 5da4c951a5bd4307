"""Reading translated columns, knowing which language was found.

A translated field ``title`` has one column per language (``title_en``, ``title_zh_hans``,
``title_zh_hant``). Reading follows the chain in ``settings.LANGUAGE_FALLBACKS`` and reports
where the text came from, so that a page can say "shown in the original language".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from modeltranslation.translator import NotRegistered, translator

#: HTML ``lang`` values; Django's language codes are lower case.
HTML_LANGUAGES = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
LANGUAGE_CODES = tuple(code for code, _name in settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Translated:
    """A text, the language it is in, and whether that is another than was asked for."""

    value: str
    language: str
    is_fallback: bool

    def __bool__(self) -> bool:
        return bool(self.value)

    @property
    def html_language(self) -> str:
        return HTML_LANGUAGES[self.language]


def current_language() -> str:
    """The active language, or the site's first if none of ours is active."""
    language = get_language()
    return language if language in HTML_LANGUAGES else settings.LANGUAGE_CODE


def column(field: str, language: str) -> str:
    """``column("title", "zh-hans")`` → ``"title_zh_hans"``."""
    return f"{field}_{language.replace('-', '_')}"


def reading_order(language: str) -> tuple[str, ...]:
    """Languages in which to look for a text, the wanted one first."""
    return (language, *settings.LANGUAGE_FALLBACKS[language])


@cache
def _columns_to_read(field: str, language: str) -> tuple[tuple[str, str], ...]:
    """Language and column in the order of reading; a page asks for hundreds of texts."""
    return tuple((code, column(field, code)) for code in reading_order(language))


def translated(record: models.Model, field: str, language: str | None = None) -> Translated:
    """Text of ``field`` in ``language`` (default: the active one), or the nearest there is."""
    wanted = language or current_language()
    for code, name in _columns_to_read(field, wanted):
        value = getattr(record, name)
        if value:
            return Translated(value, code, is_fallback=code != wanted)
    return Translated("", wanted, is_fallback=False)


def translated_fields(model: type[models.Model]) -> tuple[str, ...]:
    """Names of the translated fields of ``model`` as registered; none if it has no such text."""
    try:
        return tuple(translator.get_options_for_model(model).get_field_names())
    except NotRegistered:
        return ()


def columns(field: str) -> Iterator[tuple[str, str]]:
    """Pairs of language code and column name of a translated field."""
    for code in LANGUAGE_CODES:
        yield code, column(field, code)


def any_language(field: str) -> models.Q:
    """True for rows that have ``field`` in one language at least; missing columns are NULL."""
    condition = models.Q()
    for _code, name in columns(field):
        condition |= models.Q(**{f"{name}__isnull": False}) & ~models.Q(**{name: ""})
    return condition
