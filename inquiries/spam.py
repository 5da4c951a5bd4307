"""What lies in quarantine, and how it comes out again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from core.models import BlockedSender, SiteSettings
from inquiries import mail, ownership, tasks
from inquiries.choices import Kind, Status
from inquiries.events import note_event
from inquiries.models import Inquiry, InquiryEvent
from inquiries.working_days import deadline


@transaction.atomic
def release(inquiry: Inquiry, actor: Any) -> bool:
    """Treat it as if it came now: new clock, receipt, notice. False if it was not in quarantine."""
    locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if locked.status != Status.SPAM:
        return False
    now = timezone.now()
    site = SiteSettings.current()
    inquiry.status = Status.NEW
    inquiry.quarantine_reason = ""
    inquiry.due_at = deadline(now, Kind(inquiry.kind).answer_days(site.response_days))
    inquiry.save(update_fields=["status", "quarantine_reason", "due_at"])
    note_event(inquiry, InquiryEvent.Kind.RELEASED, actor=actor)
    tasks.enqueue_delivery(mail.queue_mails(inquiry, inquiry.officer or site.contact))
    ownership.route(inquiry)
    return True


@transaction.atomic
def quarantine(inquiry: Inquiry, actor: Any, *, block: bool = False) -> bool:
    """Put it aside by hand; with ``block``, whatever its sender writes from now on too."""
    if block and inquiry.email:
        BlockedSender.objects.get_or_create(
            kind=BlockedSender.Kind.EMAIL,
            value=inquiry.email.lower(),
            defaults={"created_by": actor, "reason": inquiry.reference},
        )
    locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if locked.status == Status.SPAM:
        return False
    inquiry.status = Status.SPAM
    inquiry.quarantine_reason = "by_hand"
    inquiry.save(update_fields=["status", "quarantine_reason"])
    note_event(inquiry, InquiryEvent.Kind.STATUS, actor=actor, text=Status.SPAM)
    return True
