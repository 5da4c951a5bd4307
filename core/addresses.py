"""Public addresses and the language in front of them."""

from django.conf import settings


def language_of(path: str) -> str | None:
    """``/zh-hans/parks/`` → ``"zh-hans"``; None where an address names no language."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in dict(settings.LANGUAGES) else None


def without_language(path: str) -> str:
    """``/zh-hans/parks/`` → ``/parks/``; other addresses stay as they are."""
    language = language_of(path)
    return path[len(language) + 1 :] if language else path


def in_language(path: str, language: str) -> str:
    """The same page in ``language``: ``/en/parks/`` → ``/zh-hant/parks/``."""
    return f"/{language}{without_language(path)}"
