"""Approved words for answers: written by officers, approved by whoever may, with live facts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.desk import TranslatedModelAdmin
from inquiries.desk.block_preview import preview
from inquiries.live_facts import known_marks
from inquiries.models import AnswerBlock

#: Changes of these mean that somebody has to read the words again.
READ_BY_APPROVER = ("title", "text", "subject", "park")


@admin.register(AnswerBlock)
class AnswerBlockAdmin(TranslatedModelAdmin):
    """Words to put answers together from."""

    change_form_template = "inquiries/desk/block_form.html"
    list_display = ("title", "subject", "park", "approval", "review_due", "position")
    list_filter = ("subject", "park", ("approved_at", admin.EmptyFieldListFilter))
    list_select_related = ("park",)
    search_fields = ("title", "text")
    autocomplete_fields = ("park",)
    actions = ("approve",)
    readonly_fields = ("approval", "marks")
    fieldsets = [
        (gettext_lazy("The words"), {"fields": ["title", "text", "marks"]}),
        (gettext_lazy("What for"), {"fields": ["subject", "park", ("position", "review_due")]}),
        (gettext_lazy("Approval"), {"fields": ["approval"]}),
    ]

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(preview)
        address = path("<int:pk>/preview/", view, name="inquiries_answerblock_preview")
        return [address, *super().get_urls()]

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("inquiries.approve_answerblock")

    def save_model(self, request: HttpRequest, obj: AnswerBlock, form: Any, change: bool) -> None:
        """Changed words are not approved any more, unless who changed them may approve."""
        touched = any(name.startswith(READ_BY_APPROVER) for name in form.changed_data)
        if change and touched and obj.approved_at:
            if self.has_approve_permission(request):
                obj.approved_at, obj.approved_by = timezone.now(), request.user
            else:
                obj.approved_at = obj.approved_by = None
                words = _("The words have changed, so they have to be approved again.")
                messages.warning(request, words)
        super().save_model(request, obj, form, change)

    @admin.action(description=gettext_lazy("Approve"), permissions=["approve"])
    def approve(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = queryset.filter(approved_at=None).update(
            approved_at=timezone.now(), approved_by=request.user
        )
        words = ngettext("%(count)d approved.", "%(count)d approved.", count) % {"count": count}
        messages.success(request, words)

    @admin.display(description=gettext_lazy("approved"), ordering="approved_at")
    def approval(self, block: AnswerBlock) -> str:
        if block.approved_at is None:
            words = _("Not approved")
            return format_html('<span class="desk-state desk-state--missing">{}</span>', words)
        return format_html(
            '<span class="desk-state desk-status--published">{}</span> {}',
            _("Approved"),
            timezone.localtime(block.approved_at).date(),
        )

    @admin.display(description=gettext_lazy("marks for facts"))
    def marks(self, block: AnswerBlock) -> str:
        """Everything that can be written between the braces."""
        rows = format_html_join(" ", "<code>{{{{ {} }}}}</code>", ((m,) for m in known_marks()))
        return format_html("<details><summary>{}</summary>{}</details>", _("All marks"), rows)
