"""The desk of every public record: state, schedule, three languages, sources, old addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.admin import CitationInline
from core.desk import (
    LANGUAGE_NAMES,
    LanguageTab,
    TranslatedModelAdmin,
    TranslatedModelForm,
)
from core.languages import HTML_LANGUAGES, LANGUAGE_CODES, column, translated_fields
from publishing.admin_filters import TranslationFilter
from publishing.models import Publishable, Redirect, Status
from publishing.traditional import TRADITIONAL, produce_traditional
from publishing.translation_state import (
    TranslationState,
    confirm_translations,
    field_state,
    language_state,
)

#: What an editor without the right to publish may set.
EDITOR_STATUSES = (Status.DRAFT, Status.IN_REVIEW)
#: Short names of the languages in lists.
SHORT_NAMES = {"en": "EN", "zh-hans": "简", "zh-hant": "繁"}


class PublishableForm(TranslatedModelForm):
    """The texts that must be there are needed in the language the record is written in."""

    def language_of_required_texts(self) -> str | None:
        return self.cleaned_data.get("source_language") or self.instance.source_language


class PublishableAdmin(TranslatedModelAdmin):
    """Base of the admins of all public records.

    ``content`` lists the page's own fieldsets in the order of the public page; address, state,
    search engines and history follow by themselves.
    """

    form = PublishableForm
    content: list[tuple[Any, dict[str, Any]]] = []
    citations = True
    list_display = ("headline", "status_badge", "schedule", "languages", "changed")
    list_filter = ("status", TranslationFilter)
    readonly_fields = ("created_at", "created_by", "updated_at", "updated_by")
    actions = ("publish", "take_back", "archive", "confirm_languages", "make_traditional")

    def __init__(self, model: type[Publishable], admin_site: admin.AdminSite) -> None:
        self.prepopulated_fields = {"slug": (column(model.title_field, "en"),)}
        self.search_fields = ("slug", model.title_field, model.summary_field)
        super().__init__(model, admin_site)

    # --- the form

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list:
        fieldsets = [
            *self.content,
            (
                gettext_lazy("Address and state"),
                {"fields": ["slug", ("status", "source_language"), ("publish_at", "unpublish_at")]},
            ),
            (
                gettext_lazy("Search engines and shared links"),
                {"fields": ["seo_title", "seo_description"], "classes": ["collapse"]},
            ),
        ]
        if obj is not None:
            history = [("created_at", "created_by"), ("updated_at", "updated_by")]
            fieldsets.append(
                (gettext_lazy("History"), {"fields": history, "classes": ["collapse"]})
            )
        return self.expanded(fieldsets)

    def get_inlines(self, request: HttpRequest, obj: models.Model | None) -> list:
        return [*self.inlines, CitationInline] if self.citations else list(self.inlines)

    def get_form(
        self, request: HttpRequest, obj: Publishable | None = None, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        if "status" in form.base_fields and not self.has_publish_permission(request):
            form.base_fields["status"].choices = [
                (status.value, status.label) for status in EDITOR_STATUSES
            ]
        if obj is not None:
            self._label_states(form, obj)
        return form

    def _label_states(self, form: type[forms.ModelForm], obj: Publishable) -> None:
        """Say beside each text what is wrong with its translation, if anything."""
        for name in translated_fields(self.model):
            original = self.model._meta.get_field(name)
            for language in LANGUAGE_CODES:
                state = field_state(obj, name, language)
                if state in {None, TranslationState.REVIEWED}:
                    continue
                if field := form.base_fields.get(column(name, language)):
                    field.label = self.language_label(original, language, state, state.label)

    def language_tabs(self, obj: models.Model | None) -> list[LanguageTab]:
        if obj is None:
            return super().language_tabs(obj)
        states = [(code, language_state(obj, code)) for code in LANGUAGE_CODES]
        return [LanguageTab(code, state.value, state.label) for code, state in states]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = context.get("original")
        may_change = obj is None or self.has_change_permission(request, obj)
        context["is_live_for_publishers"] = (
            obj is not None and not may_change and super().has_change_permission(request, obj)
        )
        context["may_convert"] = may_change
        return super().render_change_form(request, context, *args, **kwargs)

    def get_view_on_site_url(self, obj: Publishable | None = None) -> str | None:
        """The public page, offered only while visitors can see it too."""
        return obj.get_absolute_url() if obj is not None and obj.is_public else None

    # --- who may do what

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether this person decides what visitors see."""
        return request.user.has_perm(f"{self.opts.app_label}.publish_{self.opts.model_name}")

    def _is_out_of_reach(self, request: HttpRequest, obj: Publishable | None) -> bool:
        """A record that is or was public is changed by those who may publish it."""
        return (
            obj is not None
            and obj.status not in EDITOR_STATUSES
            and not self.has_publish_permission(request)
        )

    def has_change_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        return super().has_change_permission(request, obj) and not self._is_out_of_reach(
            request, obj
        )

    def has_delete_permission(self, request: HttpRequest, obj: Publishable | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not self._is_out_of_reach(
            request, obj
        )

    # --- saving

    def save_model(
        self, request: HttpRequest, obj: Publishable, form: forms.ModelForm, change: bool
    ) -> None:
        if not change:
            obj.created_by = request.user
        obj.updated_by = request.user
        super().save_model(request, obj, form, change)
        if change and "slug" in form.changed_data and "#" not in obj.get_absolute_url():
            messages.info(request, _("The old address now leads here."))

    def save_formset(
        self, request: HttpRequest, form: forms.ModelForm, formset: Any, change: bool
    ) -> None:
        if formset.model is CitationInline.model:
            for row in formset.forms:
                if "verified_on" in row.changed_data:
                    row.instance.verified_by = request.user if row.instance.verified_on else None
        super().save_formset(request, form, formset, change)

    def response_add(
        self, request: HttpRequest, obj: Publishable, post_url_continue: str | None = None
    ) -> HttpResponse:
        if "_traditional" in request.POST:
            return self._convert_and_stay(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Publishable) -> HttpResponse:
        if "_traditional" in request.POST:
            return self._convert_and_stay(request, obj)
        return super().response_change(request, obj)

    def _convert_and_stay(self, request: HttpRequest, obj: Publishable) -> HttpResponse:
        """Save, convert, and show the form again in 繁體."""
        changed = produce_traditional(obj)
        if changed:
            self.message_user(
                request,
                _("Saved. 繁體 was made from 简体; read it, then mark it as reviewed."),
                messages.SUCCESS,
            )
        else:
            self.message_user(
                request,
                _("Saved. There was nothing to convert: what a person wrote stays."),
                messages.INFO,
            )
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseRedirect(f"{reverse(name, args=[obj.pk])}#lang={TRADITIONAL}")

    # --- actions

    def _each(
        self, request: HttpRequest, queryset: models.QuerySet, status: Status, done: str
    ) -> None:
        """Set ``status`` on every chosen record that its own rules allow to have it."""
        count = 0
        for record in queryset:
            record.status = status
            record.updated_by = request.user
            try:
                with transaction.atomic():
                    record.validate_constraints()
                    self._refuse_empty(record)
                    record.save()
            except ValidationError as error:
                self.message_user(request, f"{record}: {' '.join(error.messages)}", messages.ERROR)
                continue
            self.log_change(request, record, [{"changed": {"fields": ["status"]}}])
            count += 1
        if count:
            self.message_user(request, done % {"count": count}, messages.SUCCESS)

    def _refuse_empty(self, record: Publishable) -> None:
        """A public record has at least its headline in the language it is written in."""
        title = getattr(record, column(record.title_field, record.source_language))
        if record.status == Status.PUBLISHED and not title:
            raise ValidationError(
                _("It has no headline in %(language)s.")
                % {"language": LANGUAGE_NAMES[record.source_language]}
            )

    @admin.action(description=gettext_lazy("Publish"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._each(request, queryset, Status.PUBLISHED, _("%(count)d published."))

    @admin.action(description=gettext_lazy("Take back to draft"), permissions=["publish"])
    def take_back(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._each(request, queryset, Status.DRAFT, _("%(count)d taken back to draft."))

    @admin.action(description=gettext_lazy("Archive"), permissions=["publish"])
    def archive(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        self._each(request, queryset, Status.ARCHIVED, _("%(count)d archived."))

    @admin.action(
        description=gettext_lazy("Mark translations as read and right"), permissions=["change"]
    )
    def confirm_languages(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for record in self._changeable(request, queryset):
            confirm_translations(record)
            record.updated_by = request.user
            record.save()
            self.log_change(request, record, _("Marked the translations as read and right."))

    @admin.action(description=gettext_lazy("Produce 繁體 from 简体"), permissions=["change"])
    def make_traditional(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        records = self._changeable(request, queryset)
        count = 0
        for record in records:
            record.updated_by = request.user
            if produce_traditional(record):
                self.log_change(request, record, _("Made 繁體 from 简体."))
                count += 1
        self.message_user(
            request,
            ngettext(
                "%(count)d record got new text in 繁體.",
                "%(count)d records got new text in 繁體.",
                count,
            )
            % {"count": count},
        )

    def _changeable(self, request: HttpRequest, queryset: models.QuerySet) -> list[Publishable]:
        """The chosen records that this person may change, with a word about the others."""
        records = list(queryset)
        allowed = [record for record in records if self.has_change_permission(request, record)]
        if len(allowed) < len(records):
            self.message_user(
                request,
                _("Records that visitors can see are left to those who may publish."),
                messages.WARNING,
            )
        return allowed

    # --- columns

    @admin.display(description=gettext_lazy("title"))
    def headline(self, record: Publishable) -> str:
        return record.title_text or record.slug

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_badge(self, record: Publishable) -> str:
        return format_html(
            '<span class="desk-status desk-status--{}">{}</span>',
            record.status,
            record.get_status_display(),
        )

    @admin.display(description=gettext_lazy("schedule"), ordering="publish_at")
    def schedule(self, record: Publishable) -> str:
        """From and until when, or a dash: shown at once and for ever."""
        parts = []
        if record.publish_at:
            parts.append(_("from %s") % _moment(record.publish_at))
        if record.unpublish_at:
            parts.append(_("until %s") % _moment(record.unpublish_at))
        return ", ".join(parts) or "–"

    @admin.display(description=gettext_lazy("languages"))
    def languages(self, record: Publishable) -> str:
        """One mark for each language; the word is read out and shown on hover."""
        states = ((code, language_state(record, code)) for code in LANGUAGE_CODES)
        return format_html_join(
            " ",
            '<span class="desk-mark desk-mark--{}" title="{}: {}" lang="{}">{}'
            '<span class="visually-hidden"> {}</span></span>',
            (
                (
                    state.value,
                    LANGUAGE_NAMES[code],
                    state.label,
                    HTML_LANGUAGES[code],
                    SHORT_NAMES[code],
                    state.label,
                )
                for code, state in states
            ),
        )

    @admin.display(description=gettext_lazy("last changed"), ordering="updated_at")
    def changed(self, record: Publishable) -> str:
        return _moment(record.updated_at)


def _moment(moment: datetime) -> str:
    """ "2026-11-23 14:05": short, and read the same in every language."""
    return date_format(localtime(moment), "Y-m-d H:i")


@admin.register(Redirect)
class RedirectAdmin(admin.ModelAdmin):
    """Old addresses. Those of renamed pages are made by themselves."""

    list_display = ("old_path", "leads_to", "reason", "created_at")
    list_filter = ("reason",)
    search_fields = ("old_path", "new_path")
    fields = ("old_path", "new_path", "reason")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("record")

    @admin.display(description=gettext_lazy("leads to"))
    def leads_to(self, redirect: Redirect) -> str:
        return redirect.new_path or str(redirect.record or "–")
