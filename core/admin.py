"""The desk for what every page stands on: identity, contacts, sources and citations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.contenttypes.forms import BaseGenericInlineFormSet
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from solo.admin import SingletonModelAdmin

from core.desk import (
    TranslatedGenericInline,
    TranslatedModelAdmin,
    TranslatedModelForm,
    language_columns,
)
from core.languages import translated_fields
from core.models import BlockedSender, Citation, Contact, SiteSettings, Source
from core.provenance import FactState

#: Languages in which an office may answer, most frequent first.
SPOKEN_LANGUAGES = ("zh-hans", "zh-hant", "en", "ja", "ko", "de", "fr", "es", "ru", "pt", "vi")

#: Fields that are no statement about the world, so nobody asks for their source.
NOT_CITED = frozenset(
    {
        "id",
        "slug",
        "status",
        "source_language",
        "seo_title",
        "seo_description",
        "illustration",
        "order",
        "consent",
        "outline",
        "officer",
        "precision",
        "image",
        "images",
        "is_featured",
    }
)


def citeable_fields(model: type[models.Model]) -> list[tuple[str, str]]:
    """Names and labels of the fields of ``model`` that a source can say something about."""
    columns = {name for field in translated_fields(model) for name in language_columns(field)}
    return [
        (field.name, str(field.verbose_name))
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.editable
        and field.name not in NOT_CITED
        and field.name not in columns
        and not isinstance(field, models.DateTimeField)
    ]


def review_badge(state: FactState) -> str:
    """The state of a figure's review as a coloured word; nothing for a current one."""
    if state not in {FactState.DUE, FactState.OVERDUE}:
        return "–"
    return format_html(
        '<span class="desk-state desk-state--{}">{}</span>', state.value, state.label
    )


class CitationFormSet(BaseGenericInlineFormSet):
    """One source for each field."""

    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            field = getattr(form, "cleaned_data", {}).get("field")
            if not field or form.cleaned_data.get("DELETE"):
                continue
            if field in seen:
                raise ValidationError(_("Two sources are given for the same field. Keep one."))
            seen.add(field)


class CitationInline(TranslatedGenericInline):
    """Where the figures of the record come from."""

    model = Citation
    formset = CitationFormSet
    fields = (
        "field",
        "source",
        "as_of",
        "kind",
        "qualifier",
        "note",
        "verified_on",
        "review_every_days",
    )
    autocomplete_fields = ("source",)
    verbose_name = _("source of a figure")
    verbose_name_plural = _("sources of the figures")
    classes = ("desk-wide",)

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name != "field":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.ChoiceField(
            label=_("figure or text"),
            choices=[("", "—"), *citeable_fields(self.parent_model)],
            widget=forms.Select(attrs={"aria-label": _("figure or text")}),
        )


class ContactForm(TranslatedModelForm):
    """Spoken languages as boxes to tick instead of codes to type."""

    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"),
        required=False,
        choices=[(code, get_language_info(code)["name_local"]) for code in SPOKEN_LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
    )


@admin.register(Contact)
class ContactAdmin(TranslatedModelAdmin):
    """Offices and officers."""

    form = ContactForm
    list_display = ("__str__", "person", "phone", "email", "last_verified")
    search_fields = ("key", "organisation", "desk", "person", "phone", "email")
    autocomplete_fields = ("source",)
    prepopulated_fields = {"key": ("organisation_en",)}
    fieldsets = [
        (_("Who"), {"fields": ["organisation", "desk", "person", "role", "languages"]}),
        (_("How to reach them"), {"fields": [("phone", "fax"), "email", "address"]}),
        (_("How sure we are"), {"fields": [("last_verified", "source")]}),
        (_("In the portal"), {"fields": [("key", "order")]}),
    ]


@admin.register(Source)
class SourceAdmin(TranslatedModelAdmin):
    """Where things were read."""

    list_display = ("__str__", "published", "link_shown", "key")
    list_filter = ("may_link",)
    search_fields = ("key", "publisher", "title", "url")
    prepopulated_fields = {"key": ("publisher_en", "published")}
    fieldsets = [
        (_("What was read"), {"fields": ["publisher", "title", "published"]}),
        (_("Where it is"), {"fields": ["url", "may_link"]}),
        (_("For editors"), {"fields": ["key", "note"]}),
    ]

    @admin.display(description=_("visitors may open it"), boolean=True, ordering="may_link")
    def link_shown(self, source: Source) -> bool:
        return source.may_link


@admin.register(SiteSettings)
class SiteSettingsAdmin(TranslatedModelAdmin, SingletonModelAdmin):
    """Who runs the portal and what it promises. One record."""

    autocomplete_fields = ("contact",)
    fieldsets = [
        (_("Identity"), {"fields": ["name", "short_name"]}),
        (_("Home page"), {"fields": ["claim", "intro"]}),
        (_("Answering inquiries"), {"fields": ["contact", "response_days", "response_note"]}),
        (_("Below every page"), {"fields": ["footer_note"]}),
    ]

    def response_change(self, request: HttpRequest, obj: models.Model) -> HttpResponseRedirect:
        response = super().response_change(request, obj)
        if "_continue" in request.POST:
            return response
        return HttpResponseRedirect("../../../")


@admin.register(BlockedSender)
class BlockedSenderAdmin(admin.ModelAdmin):
    """Whose inquiries, reports and questions go into quarantine."""

    list_display = ("value", "kind", "reason", "created_at", "created_by", "expires_on")
    list_filter = ("kind",)
    list_select_related = ("created_by",)
    search_fields = ("value", "reason")
    fields = ("kind", "value", "reason", "expires_on")

    def save_model(
        self, request: HttpRequest, obj: BlockedSender, form: forms.ModelForm, change: bool
    ) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)
