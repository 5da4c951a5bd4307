"""Messages of inquirers that come after the first: filed at their inquiry, each once.

A mail belongs to an inquiry if it answers one of our mails, whose Message-IDs cannot be guessed.
Everything else waits for a person, also what names a reference and seems to come from the
inquirer: anybody can write any sender, and what is filed stands on the inquirer's own page.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Exists, ExpressionWrapper, F, Max, OuterRef, TextField
from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import SiteSettings
from inquiries.choices import Channel, Kind, PauseReason, Status
from inquiries.clocks import resume
from inquiries.events import note_event
from inquiries.files import check_file, keep_file
from inquiries.models import (
    MESSAGE_LENGTH,
    AskedPoint,
    InboundMail,
    Inquiry,
    InquiryEvent,
    OutgoingMail,
    new_secret,
)
from inquiries.questions import own_words, split_questions
from inquiries.received_mail import MOST_WORDS, Attachment, ReceivedMail
from inquiries.reply_mail import TO_INQUIRER
from inquiries.updates import queue_update
from inquiries.working_days import deadline

REFERENCE = re.compile(r"INQ-\d{4}-[2-9A-HJKMNP-TV-Z]{6}")


@transaction.atomic
def paste_message(inquiry: Inquiry, text: str, actor: Any) -> InboundMail:
    """File what came by telephone, WeChat or to an officer's own mailbox."""
    mail = InboundMail.objects.create(
        inquiry=inquiry,
        message_id=f"<{secrets.token_hex(16)}@pasted>",
        source=InboundMail.Source.PASTED,
        text=text[:MOST_WORDS],
        filed_by=actor,
    )
    _take_note(mail, actor)
    return mail


def receive(mail: ReceivedMail) -> InboundMail | None:
    """Store a mail, at its inquiry if that is certain; None if it was stored before."""
    if InboundMail.objects.filter(message_id=mail.message_id).exists():
        return None
    try:
        with transaction.atomic():
            return _store(mail)
    except IntegrityError:  # another worker was a moment faster
        return None


def _store(mail: ReceivedMail) -> InboundMail:
    inquiry = find_inquiry(mail)
    stored = InboundMail.objects.create(
        inquiry=inquiry,
        message_id=mail.message_id,
        source=InboundMail.Source.IMAP,
        sender=mail.sender,
        subject=mail.subject,
        text=mail.text,
    )
    # A mail that is filed by hand later has lost its files by then: they are in the mailbox.
    remarks = [_kept(inquiry, attachment) for attachment in mail.attachments]
    if remarks:
        stored.text = "\n".join([mail.text, "", *remarks]).strip()
        stored.save(update_fields=["text"])
    if inquiry is not None and not mail.is_automatic:
        _take_note(stored, None)
    return stored


def _kept(inquiry: Inquiry | None, attachment: Attachment) -> str:
    """Keep a file that came with a mail, or say why not."""
    name = " ".join(attachment.name.split())[:160]
    if inquiry is not None:
        try:
            checked = check_file(SimpleUploadedFile(name, attachment.content))
            keep_file(inquiry, checked, new_secret())
        except ValidationError:
            pass
        else:
            return _("[File added: %(name)s]") % {"name": name}
    return _("[File left in the mailbox: %(name)s]") % {"name": name}


def find_inquiry(mail: ReceivedMail) -> Inquiry | None:
    """Whose mail it is, if that is certain. At most two queries."""
    open_to_mail = Inquiry.objects.filter(erased_at=None)
    if mail.references:
        ours = OutgoingMail.objects.filter(
            message_id__in=mail.references, kind__in=TO_INQUIRER
        ).values("inquiry")
        if inquiry := open_to_mail.filter(pk__in=ours).first():
            return inquiry
        theirs = InboundMail.objects.filter(
            message_id__in=mail.references, source=InboundMail.Source.IMAP, sender=mail.sender
        ).values("inquiry")
        if inquiry := open_to_mail.filter(pk__in=theirs).first():
            return inquiry
    return None


def named_reference(mail: InboundMail) -> str:
    """The reference in the subject line of a mail that waits: what its reader will try first."""
    found = REFERENCE.search(mail.subject.upper())
    return found[0] if found else ""


@transaction.atomic
def file_by_hand(mail: InboundMail, inquiry: Inquiry, actor: Any) -> bool:
    """File a mail that waited; False if a colleague has done it already."""
    taken = InboundMail.objects.filter(pk=mail.pk, inquiry=None).update(
        inquiry=inquiry, filed_by=actor
    )
    if not taken:
        return False
    mail.refresh_from_db()
    _take_note(mail, actor)
    return True


def unfiled(user: Any) -> Any:
    """Mails that wait for a person, the newest first.

    Without those that name, or seem to come from, a confidential inquiry which ``user`` may not
    see: only its own people read them.
    """
    hidden = Inquiry.objects.filter(is_confidential=True).exclude(
        pk__in=Inquiry.objects.visible_to(user).values("pk")
    )
    subject = ExpressionWrapper(OuterRef("subject"), output_field=TextField())
    named = hidden.annotate(subject_line=subject).filter(subject_line__icontains=F("reference"))
    sent = hidden.exclude(email="").filter(email__iexact=OuterRef("sender"))
    return InboundMail.objects.filter(~Exists(named), ~Exists(sent), inquiry=None)


@transaction.atomic
def open_with(mail: InboundMail, inquiry: Inquiry, actor: Any) -> bool:
    """File a mail as what ``inquiry`` began with; False if a colleague has filed it already."""
    taken = InboundMail.objects.filter(pk=mail.pk, inquiry=None)
    return bool(taken.update(inquiry=inquiry, filed_by=actor))


def as_inquiry(mail: InboundMail) -> dict[str, Any]:
    """What a mail that waits says about the inquiry it may become; an officer adds the rest."""
    words = f"{mail.subject}\n\n{mail.text}".strip()
    return {
        "channel": Channel.EMAIL,
        "created_at": mail.received_at,
        "email": mail.sender,
        "message": words[:MESSAGE_LENGTH],
    }


def _take_note(mail: InboundMail, actor: Any) -> None:
    """What a message changes: event, clock, questions, and the state of what was answered."""
    inquiry = Inquiry.objects.select_for_update().get(pk=mail.inquiry_id)
    kind = InquiryEvent.Kind.INBOUND
    note_event(inquiry, kind, actor=actor, text=mail.subject, is_public=True)
    _add_questions(inquiry, own_words(mail.text))
    if inquiry.paused_at and inquiry.pause_reason == PauseReason.INQUIRER:
        resume(inquiry, actor)
    inquiry.follow_up_due = None
    changed = ["follow_up_due"]
    is_service = not Kind(inquiry.kind).is_in_pipeline
    if is_service and inquiry.status == Status.ANSWERED:
        inquiry.status = Status.OPEN
        changed.append("status")
        note_event(inquiry, InquiryEvent.Kind.STATUS, actor=actor, text=Status.OPEN)
    due = deadline(timezone.now(), SiteSettings.current().response_days)
    if inquiry.next_action_due is None or inquiry.next_action_due > due:
        inquiry.next_action_due = due
        changed.append("next_action_due")
    inquiry.save(update_fields=changed)
    if actor is None:  # nobody at the desk has seen it yet
        queue_update(inquiry)


def _add_questions(inquiry: Inquiry, text: str) -> None:
    """What the message asks has to be answered too; two or three queries."""
    texts = split_questions(text)
    if not texts:
        return
    if not inquiry.points.exists() and not inquiry.replies.exists():
        texts = [*split_questions(inquiry.message), *texts]
    known = set(inquiry.points.values_list("text", flat=True))
    last = inquiry.points.aggregate(last=Max("position"))["last"] or 0
    AskedPoint.objects.bulk_create(
        AskedPoint(inquiry=inquiry, position=last + place, text=words)
        for place, words in enumerate(texts, start=1)
        if words not in known
    )
