"""How forms become HTML: Django's own markup and our field template, without a template each.

Django renders a template for every widget, for its attributes and for each option of a list; the
inquiry form took longer for that than for all the rest. What is not named here is a template as
ever (the project has none of its own).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]


class PortalFormRenderer(TemplatesSetting):
    """The project's templates for forms, and Python for those that pages have many of."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        if template_name == "django/forms/field.html":
            return _field(context["field"])
        write = WIDGETS.get(template_name)
        if write:
            return write(context["widget"])
        return super().render(template_name, context, request)


def _attributes(widget: Widget) -> str:
    return "".join(
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{_text(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _text(value: object) -> str:
    """As ``stringformat:"s"`` writes it: numbers as forms send them, in any language."""
    return conditional_escape(value if isinstance(value, SafeString) else str(value))


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    filled = "" if value is None else f' value="{_text(value)}"'
    return mark_safe(  # noqa: S308 - every value is escaped
        f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"{filled}'
        f"{_attributes(widget)}>"
    )


def _textarea(widget: Widget) -> SafeString:
    value = widget["value"]
    return mark_safe(  # noqa: S308 - every value is escaped
        f'<textarea name="{_text(widget["name"])}"{_attributes(widget)}>\n'
        f"{_text(value) if value else ''}</textarea>"
    )


def _select(widget: Widget) -> SafeString:
    parts = [f'<select name="{_text(widget["name"])}"{_attributes(widget)}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_text(group)}">')
        parts += [
            f'<option value="{_text(option["value"])}"{_attributes(option)}>'
            f"{_text(option['label'])}</option>"
            for option in options
        ]
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return mark_safe("".join(parts))  # noqa: S308 - every value is escaped


WIDGETS: dict[str, Callable[[Widget], SafeString]] = {
    "django/forms/widgets/text.html": _input,
    "django/forms/widgets/email.html": _input,
    "django/forms/widgets/hidden.html": _input,
    "django/forms/widgets/number.html": _input,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
}


def _field(field: BoundField) -> SafeString:
    """One question of a form: label, hint, error, answer."""
    errors = field.errors
    required = field.field.required
    classes = f"field{' field--wrong' if errors else ''}{'' if required else ' field--optional'}"
    parts = [f'<div class="{classes}">']
    if field.use_fieldset:
        described = field.aria_describedby
        about = f' aria-describedby="{_text(described)}"' if described else ""
        parts.append(f"<fieldset{about}>")
        if field.label:
            parts.append(f'<legend class="field__label">{_text(field.label)}</legend>')
    elif field.label:
        parts.append(
            f'<label class="field__label" for="{_text(field.id_for_label)}">'
            f"{_text(field.label)}</label>"
        )
    if field.help_text:
        name = f' id="{_text(field.auto_id)}_helptext"' if field.auto_id else ""
        parts.append(f'<div class="field__hint"{name}>{field.help_text}</div>')
    if errors:
        parts.append(f'<div class="field__error">{errors}</div>')
    parts.append(str(field))
    parts.append("</fieldset></div>" if field.use_fieldset else "</div>")
    return mark_safe("".join(parts))  # noqa: S308 - escaped; help texts are the project's own
