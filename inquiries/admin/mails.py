"""The list of all mails about inquiries: what waits, what was given up."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from inquiries import services
from inquiries.admin.rows import next_attempt_shown
from inquiries.models import Inquiry, OutgoingMail


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    """All mails about inquiries that one may see."""

    list_display = ("inquiry", "kind", "status", "attempts", "next_attempt", "sent_at")
    list_filter = ("status", "kind")
    list_select_related = ("inquiry",)
    search_fields = ("inquiry__reference", "recipient")
    fields = (
        *("inquiry", "kind", "recipient", "status", "attempts", "queued_at"),
        *("next_attempt", "sent_at", "last_error"),
    )
    readonly_fields = fields
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        visible = Inquiry.objects.visible_to(request.user)
        return super().get_queryset(request).filter(inquiry__in=visible)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Mails are deleted together with their inquiry, never alone."""
        page = request.resolver_match
        if page is None or page.view_name.startswith("admin:inquiries_outgoingmail"):
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description=gettext_lazy("next attempt"), ordering="next_attempt_at")
    def next_attempt(self, mail: OutgoingMail) -> str:
        return next_attempt_shown(mail)

    @admin.action(description=gettext_lazy("Send again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        for mail in queryset:
            services.send_again(mail, request.user)
        words = ngettext(
            "%(count)d mail is sent again.", "%(count)d mails are sent again.", len(queryset)
        )
        self.message_user(request, words % {"count": len(queryset)}, messages.SUCCESS)
