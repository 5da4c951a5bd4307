"""Proofs of copies handed out and erasures: read only, also for chiefs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from inquiries.models import DataRequest


@admin.register(DataRequest)
class DataRequestAdmin(admin.ModelAdmin):
    """Newest first. They name nobody and are kept for good."""

    list_display = ("reference", "kind", "done_at", "done_by", "is_by_inquirer")
    list_filter = ("kind", "is_by_inquirer")
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
