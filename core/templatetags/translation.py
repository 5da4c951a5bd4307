"""``{% text park "summary" %}``: a text in the page's language, or the nearest, marked as such."""

from django import template
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.languages import HTML_LANGUAGES, Translated, current_language, translated

register = template.Library()


@register.simple_tag
def text(record: models.Model | None, field: str) -> str:
    """Escaped text of a field; wrapped in an element with ``lang`` if it is another language."""
    if record is None:
        return ""
    found = translated(record, field)
    if found.is_fallback:
        return format_html('<span lang="{}">{}</span>', found.html_language, found.value)
    return found.value


@register.simple_tag
def richtext(record: models.Model, field: str) -> SafeString:
    """Formatted text of a field. It was sanitised when it was stored."""
    found = translated(record, field)
    if not found:
        return mark_safe("")
    cleaned = mark_safe(found.value)  # noqa: S308
    if found.is_fallback:
        return format_html('<div class="prose" lang="{}">{}</div>', found.html_language, cleaned)
    return format_html('<div class="prose">{}</div>', cleaned)


@register.inclusion_tag("components/_language_notice.html")
def language_notice(record: models.Model, *fields: str) -> dict[str, Translated | None]:
    """Say which language the page is in, if any of ``fields`` is not in the visitor's."""
    fallbacks = (translated(record, field) for field in fields)
    return {"original": next((found for found in fallbacks if found.is_fallback), None)}


@register.simple_tag
def html_lang(language: str | None = None) -> str:
    """``zh-hans`` → ``zh-Hans``, as HTML wants it."""
    return HTML_LANGUAGES[language or current_language()]
