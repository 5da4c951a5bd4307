"""Telling who answers that an inquirer has added something."""

from __future__ import annotations

import logging

from core.models import SiteSettings
from inquiries import tasks
from inquiries.choices import Status
from inquiries.mail import new_message_id
from inquiries.models import Inquiry, OutgoingMail

logger = logging.getLogger(__name__)


def queue_update(inquiry: Inquiry) -> None:
    """Write the mail to owner, backup or desk; call it in the transaction of what was added.

    One that still waits tells of this, too. What lies in quarantine is told to nobody.
    """
    recipient = _recipient(inquiry)
    kind = OutgoingMail.Kind.UPDATE
    if inquiry.status == Status.SPAM:
        return
    if not recipient:
        logger.error("Nobody is told what was added to %s", inquiry.reference)
        return
    waiting = inquiry.mails.filter(
        kind=kind, recipient=recipient, status=OutgoingMail.Status.QUEUED, leased_until=None
    )
    if not waiting.exists():
        mail = OutgoingMail.objects.create(
            inquiry=inquiry, kind=kind, recipient=recipient, message_id=new_message_id()
        )
        tasks.enqueue_delivery([mail])


def _recipient(inquiry: Inquiry) -> str:
    desk = inquiry.officer or SiteSettings.current().contact
    people = (inquiry.assigned_to, inquiry.backup)
    addresses = [person.email for person in people if person and person.is_active]
    return next(filter(None, [*addresses, desk.email if desk else ""]), "")
