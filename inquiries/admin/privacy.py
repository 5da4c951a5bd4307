"""Proofs of copies handed out and erasures: read only, also for chiefs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.models import DataRequest, Inquiry


@admin.register(DataRequest)
class DataRequestAdmin(admin.ModelAdmin):
    """Newest first. They name nobody and are kept for good."""

    list_display = ("reference", "kind", "requested_at", "done_at", "done_by", "page")
    list_filter = (("done_at", admin.EmptyFieldListFilter), "kind", "is_by_inquirer")
    list_select_related = ("done_by",)
    search_fields = ("reference",)
    search_help_text = gettext_lazy("Reference")
    date_hierarchy = "requested_at"
    fields = (
        *("reference", "kind", "is_by_inquirer", "requested_at", "done_at", "done_by"),
        *("counts", "digest"),
    )
    readonly_fields = fields
    actions = None

    @admin.display(description=gettext_lazy("to be done at"))
    def page(self, request: DataRequest) -> str:
        """Where copies are handed out and data erased, of what still waits."""
        if request.done_at or not request.inquiry_id:
            return "–"
        address = reverse("admin:inquiries_privacy", args=[request.inquiry_id])
        return format_html('<a href="{}">{}</a>', address, _("Personal data"))

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Without those about confidential inquiries of others."""
        visible = Inquiry.objects.visible_to(request.user)
        return super().get_queryset(request).filter(Q(inquiry=None) | Q(inquiry__in=visible))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
