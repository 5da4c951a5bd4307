"""The editors' forms: one language switch for the whole form, and fast pickers.

A translated field shows one box per language in one row. ``static/desk/languages.js`` shows one
language at a time; without JavaScript all three stand side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, strip_tags
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from js_asset import Media
from modeltranslation.admin import (
    TranslationAdmin,
    TranslationGenericTabularInline,
    TranslationStackedInline,
    TranslationTabularInline,
)

from core.languages import HTML_LANGUAGES, LANGUAGE_CODES, column, translated_fields

#: Each language by its own name, as the switch shows it.
LANGUAGE_NAMES = {code: get_language_info(code)["name_local"] for code in LANGUAGE_CODES}


def language_columns(field: str) -> tuple[str, ...]:
    """``"title"`` → ``("title_en", "title_zh_hans", "title_zh_hant")``."""
    return tuple(column(field, code) for code in LANGUAGE_CODES)


@dataclass(frozen=True, slots=True)
class LanguageTab:
    """One tab of the language switch. ``state`` is a short word for the style sheet."""

    code: str
    state: str = ""
    state_label: str = ""

    @property
    def name(self) -> str:
        return LANGUAGE_NAMES[self.code]

    @property
    def html_language(self) -> str:
        return HTML_LANGUAGES[self.code]


class TranslatedModelForm(forms.ModelForm):
    """A required text must be there in one language at least: which one is the editor's choice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name, field in self.fields.items():
            picker = getattr(field.widget, "widget", field.widget)
            if isinstance(picker, LabelledPicker):
                picker.remember(self.instance, name)

    def language_of_required_texts(self) -> str | None:
        """The language in which required texts must be written; None: any."""
        return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        language = self.language_of_required_texts()
        for field in translated_fields(type(self.instance)):
            names = [name for name in language_columns(field) if name in self.fields]
            if not names or self.instance._meta.get_field(field).blank:
                continue
            wanted = column(field, language) if language else names[0]
            present = [wanted] if language else names
            if wanted in names and not any(cleaned.get(name) for name in present):
                self.add_error(
                    wanted,
                    ValidationError(
                        _("Needed in %(language)s.") % {"language": LANGUAGE_NAMES[language]}
                        if language
                        else _("Needed in one language at least."),
                        code="required",
                    ),
                )
        return cleaned


#: Digits of the largest number that both databases take for a key.
LONGEST_KEY = 18


def is_number(text: str) -> bool:
    """Whether ``text`` can be the key of a record."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY


class LabelledPicker(AutocompleteSelect):
    """Autocomplete that shows records fetched with their row, instead of one query per row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels: dict[str, str] = {}  # shared by the copies in all forms of a set

    def remember(self, instance: models.Model, name: str) -> None:
        """Note the label of what ``instance`` points to, if that was fetched already."""
        if instance.pk and self.field.is_cached(instance):
            target = getattr(instance, name)
            if target is not None:
                self.labels[str(target.pk)] = str(target)

    def optgroups(self, name: str, value: list[str], attr: dict | None = None) -> list:
        # The address of an empty form may name anything; the database would raise on a word.
        chosen = [text for item in value if is_number(text := str(item))]
        if not chosen or not all(item in self.labels for item in chosen):
            return super().optgroups(name, chosen, attr)
        options = [
            self.create_option(name, item, self.labels[item], True, place)
            for place, item in enumerate(chosen)
        ]
        if not self.is_required and not self.allow_multiple_selected:
            options.insert(0, self.create_option(name, "", "", False, 0))
        return [(None, options, 0)]


class TranslatedFieldsMixin(BaseModelAdmin):
    """What a form and the forms inside it have in common."""

    form = TranslatedModelForm

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            self.simplify_widget(field.widget)
        language = getattr(db_field, "language", None)
        if field is None or language not in HTML_LANGUAGES:
            return field
        original = db_field.translated_field
        field.required = False
        field.label = self.language_label(original, language)
        field.widget.attrs["lang"] = HTML_LANGUAGES[language]
        return field

    def simplify_widget(self, widget: forms.Widget) -> None:
        """Boxes as high as what is written in them; nobody deletes a topic from within a post."""
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_delete_related = False
        elif type(widget) is AdminTextareaWidget:
            widget.attrs["rows"] = 4

    def language_label(
        self, original: models.Field, language: str, state: str = "", state_label: str = ""
    ) -> str:
        """The field's name, the language by its own name, and the state of the translation."""
        name = str(original.verbose_name)
        badge = (
            format_html(' <span class="desk-state desk-state--{}">{}</span>', state, state_label)
            if state
            else ""
        )
        return format_html(
            '{} <span class="desk-language" lang="{}">{}</span>{}',
            name[:1].upper() + name[1:],
            HTML_LANGUAGES[language],
            LANGUAGE_NAMES[language],
            badge,
        )

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request) and "widget" not in kwargs:
            kwargs["widget"] = LabelledPicker(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def in_columns(self, names: Iterable[str | tuple]) -> list[str | tuple]:
        """Put the three columns of a translated field in one row, in the field's place."""
        translated = translated_fields(self.model)
        rows: list[str | tuple] = []
        for name in names:
            if isinstance(name, str):
                rows.append(language_columns(name) if name in translated else name)
            else:
                flat: list[str] = []
                for part in name:
                    flat += language_columns(part) if part in translated else [part]
                rows.append(tuple(flat))
        return rows


class TranslatedModelAdmin(TranslatedFieldsMixin, TranslationAdmin):
    """Base of every admin of a record with translated text. Declare ``fieldsets``."""

    actions_on_top = True
    list_per_page = 50
    save_on_top = False

    class Media:
        css = {"all": ("desk/forms.css",)}
        js = ("desk/languages.js", "desk/names.js")

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        return self.expanded(self.fieldsets)

    def expanded(self, fieldsets: Iterable[tuple]) -> list:
        """``fieldsets`` with a row of languages in the place of each translated field."""
        return [
            (title, {**options, "fields": self.in_columns(options["fields"])})
            for title, options in fieldsets
        ]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Search every language: ``search_fields`` names the fields without language."""
        translated = translated_fields(self.model)
        names: list[str] = []
        for name in self.search_fields:
            names += language_columns(name) if name in translated else [name]
        return names

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list of posts is called "Posts"."""
        name = str(self.opts.verbose_name_plural)
        title = {"title": name[:1].upper() + name[1:]}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def language_tabs(self, obj: models.Model | None) -> list[LanguageTab]:
        """The tabs above the form, with the state of each language."""
        return [LanguageTab(code) for code in LANGUAGE_CODES]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj") or context.get("original")
        context["desk_languages"] = self.language_tabs(obj)
        # The editor's import map stands in the page, so it needs this page's nonce.
        context["media"] = Media.from_media(context["media"]).with_nonce(str(request.csp_nonce))
        return super().render_change_form(request, context, *args, **kwargs)


class TranslatedInlineMixin(TranslatedFieldsMixin):
    """Rows inside a form. Declare ``fields``; their pickers cost no query per row."""

    extra = 0

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """The heading of the column is no label to a screen reader: each box says its name."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", strip_tags(str(field.label or db_field.name)))
        return field

    def simplify_widget(self, widget: forms.Widget) -> None:
        super().simplify_widget(widget)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_change_related = widget.can_view_related = False

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        return [(None, {"fields": self.in_columns(self.fields)})]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        queryset = super().get_queryset(request)
        pickers = self.get_autocomplete_fields(request)
        return queryset.select_related(*pickers) if pickers else queryset


class TranslatedTabularInline(TranslatedInlineMixin, TranslationTabularInline):
    """Rows as a table."""


class TranslatedStackedInline(TranslatedInlineMixin, TranslationStackedInline):
    """Rows one below the other."""


class TranslatedGenericInline(TranslatedInlineMixin, TranslationGenericTabularInline):
    """Rows of a record of any kind, as a table."""
