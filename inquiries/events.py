"""The record of what happened to an inquiry: the one place that writes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from inquiries.models import Inquiry, InquiryEvent


def note_event(
    inquiry: Inquiry,
    kind: InquiryEvent.Kind,
    *,
    actor: Any = None,
    text: str = "",
    is_public: bool = False,
    at: datetime | None = None,
) -> InquiryEvent:
    """Write an event; call it in the transaction of what it is about. Two queries.

    ``text`` is a code for changes of state (``"contacted"``), else words of a person. What is
    public stands on the inquirer's own page. The time of keeping begins anew.
    """
    event = InquiryEvent.objects.create(
        inquiry=inquiry,
        kind=kind,
        actor=actor,
        text=text,
        is_public=is_public,
        at=at or timezone.now(),
    )
    Inquiry.objects.filter(pk=inquiry.pk).update(last_event_at=event.at)
    inquiry.last_event_at = event.at
    return event
