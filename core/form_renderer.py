"""How forms become HTML: Django's own markup and our field template, without a template each.

Django renders a template for every widget, for its attributes and for each option of a list; the
inquiry form took longer for that than for all the rest. What is not named here is a template as
ever (the project has none of its own).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]
EMPTY = SafeString()


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


def _attributes(widget: Widget) -> SafeString:
    given = {name: value for name, value in widget["attrs"].items() if value is not False}
    return _joined(
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, _text(value))
        for name, value in given.items()
    )


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _text(value: object) -> SafeString:
    """As ``stringformat:"s"`` writes it: numbers as forms send them, in any language."""
    return conditional_escape(value if isinstance(value, SafeString) else str(value))


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    filled = "" if value is None else format_html(' value="{}"', _text(value))
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        *(widget["type"], widget["name"], filled, _attributes(widget)),
    )


def _textarea(widget: Widget) -> SafeString:
    value = widget["value"]
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>',
        *(widget["name"], _attributes(widget), _text(value) if value else ""),
    )


def _select(widget: Widget) -> SafeString:
    groups = _joined(_group(group, options) for group, options, _index in widget["optgroups"])
    return format_html(
        '<select name="{}"{}>{}</select>', *(widget["name"], _attributes(widget), groups)
    )


def _group(label: str | None, options: Iterable[Widget]) -> SafeString:
    rows = ((_text(one["value"]), _attributes(one), _text(one["label"])) for one in options)
    written = format_html_join("", '<option value="{}"{}>{}</option>', rows)
    return format_html('<optgroup label="{}">{}</optgroup>', label, written) if label else written


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
    inner = _label(field) + _hint(field)
    if errors:
        inner += format_html('<div class="field__error">{}</div>', errors)
    inner += SafeString(field)
    if field.use_fieldset:
        described = field.aria_describedby
        about = format_html(' aria-describedby="{}"', described) if described else ""
        inner = format_html("<fieldset{}>{}</fieldset>", about, inner)
    return format_html('<div class="{}">{}</div>', classes, inner)


def _label(field: BoundField) -> SafeString:
    if not field.label:
        return EMPTY
    if field.use_fieldset:
        return format_html('<legend class="field__label">{}</legend>', field.label)
    return format_html(
        '<label class="field__label" for="{}">{}</label>', field.id_for_label, field.label
    )


def _hint(field: BoundField) -> SafeString:
    """Help texts are the project's own words, with links in them; Django trusts them too."""
    if not field.help_text:
        return EMPTY
    name = format_html(' id="{}_helptext"', field.auto_id) if field.auto_id else ""
    return format_html('<div class="field__hint"{}>{}</div>', name, SafeString(field.help_text))
