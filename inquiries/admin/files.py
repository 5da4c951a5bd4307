"""Files of an inquirer at the desk: what they are called, whether they were scanned, a download."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.models import InquiryFile


class FileInline(admin.TabularInline):
    """Files, oldest first. They are added by inquirers and deleted with the inquiry."""

    model = InquiryFile
    extra = 0
    can_delete = False
    fields = ("added_at", "download", "weight", "scan_words", "is_from_inquirer")
    readonly_fields = fields
    verbose_name_plural = gettext_lazy("files")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever may read the inquiry may read what came with it."""
        return request.user.has_perm("inquiries.view_inquiry")

    @admin.display(description=gettext_lazy("file"))
    def download(self, row: InquiryFile) -> str:
        if row.scan == InquiryFile.Scan.INFECTED:
            return row.name
        address = reverse("admin:inquiries_file", args=[row.inquiry_id, row.pk])
        return format_html('<a href="{}" download>{}</a>', address, row.name)

    @admin.display(description=gettext_lazy("size"))
    def weight(self, row: InquiryFile) -> str:
        return filesizeformat(row.size)

    @admin.display(description=gettext_lazy("scan"))
    def scan_words(self, row: InquiryFile) -> str:
        """What was found; what was not scanned is for a careful hand."""
        if row.scan == InquiryFile.Scan.NOT_SCANNED:
            return _("Not scanned: open it only with care")
        return str(row.get_scan_display())
