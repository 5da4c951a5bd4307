"""``{% illustration key %}``: one drawing, inline, so that it follows the colour scheme."""

from __future__ import annotations

from django import template
from django.template.loader import get_template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.illustrations import resolve_illustration

register = template.Library()


@register.simple_tag
def illustration(key: str, title: str = "") -> SafeString:
    """Print the drawing named ``key``; the default drawing when there is none of that name.

    Without ``title`` the drawing is decoration, hidden from assistive technology. With it the
    drawing is an image of that name. The files are the project's own, so their text is trusted;
    ``title`` is escaped. No query.
    """
    name = resolve_illustration(key)
    source = get_template(f"illustrations/{name}.svg").render()
    role = f'role="img" aria-label="{escape(title)}"' if title else 'aria-hidden="true"'
    opening = f'<svg class="illustration illustration--{name}" {role} '
    return mark_safe(source.replace("<svg ", opening, 1).strip())  # noqa: S308 - see above
