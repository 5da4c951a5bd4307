"""Rows below the form of an inquiry: what happened, and its mails."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.models import DataRequest, Inquiry, InquiryEvent, OutgoingMail


def moment_shown(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def next_attempt_shown(mail: OutgoingMail) -> str:
    is_waiting = mail.status == OutgoingMail.Status.QUEUED
    return moment_shown(mail.next_attempt_at) if is_waiting else "–"


def event_words(event: InquiryEvent) -> str:
    """Codes of stages, fields and mails in words; notes as they were written."""
    code, _space, rest = event.text.partition(" ")
    kinds = InquiryEvent.Kind
    if event.kind == kinds.STATUS and code in Inquiry.Status:
        return str(Inquiry.Status(code).label)
    if event.kind == kinds.RECEIVED and code in Inquiry.Channel:
        return str(Inquiry.Channel(code).label)
    if event.kind == kinds.DETAILS:
        return capfirst(get_text_list([_field_name(name) for name in event.text.split()], _("and")))
    if event.kind in {kinds.MAIL_SENT, kinds.MAIL_FAILED, kinds.MAIL_AGAIN}:
        label = OutgoingMail.Kind(code).label if code in OutgoingMail.Kind else code
        return f"{label} {rest}".strip()
    if event.kind == kinds.ERASED and code in DataRequest.Kind:
        return str(DataRequest.Kind(code).label)
    return event.text or "–"


def _field_name(name: str) -> str:
    if name not in {field.name for field in Inquiry._meta.fields}:
        return name
    return str(Inquiry._meta.get_field(name).verbose_name)


class ReadOnlyRows(admin.TabularInline):
    """Rows that are written by the portal, not by hand."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EventInline(ReadOnlyRows):
    """What happened, oldest first."""

    model = InquiryEvent
    fields = ("at", "kind", "actor", "words", "is_public")
    readonly_fields = ("words",)
    verbose_name_plural = gettext_lazy("what happened")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("actor")

    @admin.display(description=gettext_lazy("text"))
    def words(self, event: InquiryEvent) -> str:
        return event_words(event)


class MailInline(ReadOnlyRows):
    """Mails about the inquiry and what became of them."""

    model = OutgoingMail
    fields = ("kind", "recipient", "status", "attempts", "next_attempt", "sent_at", "last_error")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("next attempt"))
    def next_attempt(self, mail: OutgoingMail) -> str:
        return next_attempt_shown(mail)
