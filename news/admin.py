"""The desk for news: posts, topics, and readers' questions waiting for an answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.desk import TranslatedModelAdmin, TranslatedModelForm, language_columns
from news.models import Post, Question, Topic
from publishing.admin import PublishableAdmin


@admin.register(Topic)
class TopicAdmin(TranslatedModelAdmin):
    """What posts are about."""

    list_display = ("__str__", "slug", "order")
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name_en",)}
    fieldsets = [(None, {"fields": ["name", ("slug", "order")]})]


@admin.register(Post)
class PostAdmin(PublishableAdmin):
    """Dated news."""

    list_display = ("headline", "status_badge", "date", "topic", "schedule", "languages", "changed")
    list_filter = (*PublishableAdmin.list_filter, "topic", "is_featured")
    list_select_related = ("topic",)
    date_hierarchy = "date"
    autocomplete_fields = (
        "topic",
        "image",
        "parks",
        "projects",
        "industries",
        "source",
        "documents",
    )
    content = [
        (_("What the page says"), {"fields": [("topic", "date"), "title", "summary", "body"]}),
        (_("Picture"), {"fields": ["image", "illustration"]}),
        (_("What it is about"), {"fields": ["parks", "projects", "industries"]}),
        (_("From where"), {"fields": ["source"]}),
        (_("Downloads"), {"fields": ["documents"]}),
        (_("On the home page"), {"fields": ["is_featured"]}),
    ]


def answer_of(question: Question) -> str:
    """The first answer there is, in whatever language."""
    texts = (getattr(question, name) for name in language_columns("answer"))
    return next((text for text in texts if text), "")


class QuestionForm(TranslatedModelForm):
    """A question is published only together with its answer."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        is_answered = any(cleaned.get(name) for name in language_columns("answer"))
        if cleaned.get("status") == Question.Status.PUBLISHED:
            if not is_answered:
                raise ValidationError(_("Write an answer before publishing the question."))
            # The rule of the database is checked before save_model runs.
            self.instance.answered_at = self.instance.answered_at or timezone.now()
        return cleaned


@admin.register(Question)
class QuestionAdmin(TranslatedModelAdmin):
    """Readers' questions: read, answer, publish together with the answer, or refuse."""

    form = QuestionForm
    list_display = ("short_text", "status_badge", "is_answered", "post", "language", "asked_at")
    list_filter = ("status", "language")
    list_select_related = ("post",)
    search_fields = ("text", "author_name", "answer")
    date_hierarchy = "asked_at"
    autocomplete_fields = ("answered_by",)
    readonly_fields = ("post", "text", "author_name", "language", "asked_at", "answered_at")
    actions = ("publish", "refuse")
    fieldsets = [
        (
            _("What was asked"),
            {"fields": ["text", ("author_name", "language"), ("post", "asked_at")]},
        ),
        (
            _("The answer"),
            {
                "fields": ["answer", "answered_by"],
                "description": _("Readers see it in the language it is written in."),
            },
        ),
        (_("State"), {"fields": ["status", "answered_at"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Questions come from readers."""
        return False

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whoever may publish a post may publish a question under it."""
        return request.user.has_perm("news.publish_post")

    def has_change_permission(self, request: HttpRequest, obj: Question | None = None) -> bool:
        is_public = obj is not None and obj.status == Question.Status.PUBLISHED
        return super().has_change_permission(request, obj) and (
            not is_public or self.has_publish_permission(request)
        )

    def get_form(
        self, request: HttpRequest, obj: Question | None = None, **kwargs: Any
    ) -> type[forms.ModelForm]:
        form = super().get_form(request, obj, **kwargs)
        if "status" in form.base_fields and not self.has_publish_permission(request):
            form.base_fields["status"].choices = [
                (status.value, status.label)
                for status in (Question.Status.PENDING, Question.Status.REFUSED)
            ]
        return form

    @admin.action(description=_("Publish with the answer"), permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        count = 0
        for question in queryset:
            if not answer_of(question):
                self.message_user(
                    request,
                    gettext("Not published, it has no answer yet: %s") % question,
                    messages.ERROR,
                )
                continue
            question.status = Question.Status.PUBLISHED
            question.answered_at = question.answered_at or timezone.now()
            question.save()
            self.log_change(request, question, [{"changed": {"fields": ["status"]}}])
            count += 1
        if count:
            self.message_user(
                request,
                ngettext("%d question published.", "%d questions published.", count) % count,
                messages.SUCCESS,
            )

    @admin.action(description=_("Do not publish"), permissions=["publish"])
    def refuse(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        for question in queryset:
            question.status = Question.Status.REFUSED
            question.save()
            self.log_change(request, question, [{"changed": {"fields": ["status"]}}])

    @admin.display(description=_("question"), ordering="text")
    def short_text(self, question: Question) -> str:
        return question.text if len(question.text) <= 80 else f"{question.text[:79]}…"

    @admin.display(description=_("status"), ordering="status")
    def status_badge(self, question: Question) -> str:
        return format_html(
            '<span class="desk-status desk-status--{}">{}</span>',
            question.status,
            question.get_status_display(),
        )

    @admin.display(description=_("answered"), boolean=True)
    def is_answered(self, question: Question) -> bool:
        return bool(answer_of(question))
