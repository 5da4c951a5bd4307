"""Inquiries that did not come by the form: typed in by an officer, or read from a list."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from core.intake import content_digest
from core.models import SiteSettings
from inquiries import ownership
from inquiries.choices import Kind, Status
from inquiries.events import note_event
from inquiries.models import Inquiry, InquiryEvent, new_reference, new_secret
from inquiries.working_days import deadline

REFERENCE_TRIES = 5


def digest_of(inquiry: Inquiry) -> str:
    """The same person with the same words; who left no e-mail is known by telephone or name."""
    sender = inquiry.email or inquiry.phone or f"{inquiry.name} {inquiry.organisation}"
    return content_digest(sender, inquiry.message)


def prepare(inquiry: Inquiry, response_days: int) -> Inquiry:
    """Give it a number, keys and a clock that began when it was received. No query.

    Nobody agreed to a text, so the fields of consent stay empty.
    """
    inquiry.reference = new_reference(timezone.localtime(inquiry.created_at).year)
    inquiry.submission_key = new_secret()
    inquiry.status = Status.NEW
    inquiry.content_digest = digest_of(inquiry)
    inquiry.due_at = deadline(inquiry.created_at, Kind(inquiry.kind).answer_days(response_days))
    return inquiry


@transaction.atomic
def record(inquiry: Inquiry, actor: Any, *, tells: bool = True) -> Inquiry:
    """Store what ``actor`` typed in, with its first event. The sender gets no mail.

    It ``tells`` the owner, unless it is one of many (``ownership.tell_owners``).
    """
    site = SiteSettings.current()
    prepare(inquiry, site.response_days)
    for _attempt in range(REFERENCE_TRIES):
        if not Inquiry.objects.filter(reference=inquiry.reference).exists():
            break
        inquiry.reference = new_reference(timezone.localtime(inquiry.created_at).year)
    inquiry.officer = inquiry.park.officer if inquiry.park else None
    inquiry.officer = inquiry.officer or site.contact
    inquiry.save(force_insert=True)
    received = InquiryEvent.Kind.RECEIVED
    note_event(inquiry, received, actor=actor, text=inquiry.channel, is_public=True)
    if inquiry.assigned_to is None:
        ownership.route(inquiry, tells=tells)
    return inquiry
