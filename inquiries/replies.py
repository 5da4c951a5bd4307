"""Answering an inquiry: one draft, and sending it with everything that follows from it.

A question that is neither answered nor promised for a day keeps the reply back: forgetting the
fourth of five questions is how most answers fail.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries import tasks
from inquiries.choices import Kind, Status, Subject
from inquiries.clocks import replied
from inquiries.events import note_event
from inquiries.live_facts import Filled, fill, marks_in
from inquiries.mail import new_message_id
from inquiries.models import AnswerBlock, AskedPoint, Inquiry, InquiryEvent, OutgoingMail, Reply
from inquiries.pipeline import GateClosed, change_stage
from inquiries.questions import split_questions

#: A first answer moves an investor on from here.
BEFORE_CONTACT = (Status.NEW, Status.SCREENED)
SHORTEST_TEXT = 20

ALREADY_SENT = gettext_lazy("This reply was sent already.")


class DraftChanged(ValidationError):
    """Another save or sending came between opening the draft and saving it."""

    def __init__(self, latest: Reply | None, actor: Any) -> None:
        super().__init__(_what_came_between(latest, actor), code="draft_changed")


def _what_came_between(latest: Reply | None, actor: Any) -> str:
    if latest is None:
        return _("The draft that you had opened is gone.")
    moment = timezone.localtime(latest.sent_at or latest.updated_at)
    author = latest.author
    words = {
        "name": str(author or "–"),
        "time": date_format(moment, "SHORT_DATETIME_FORMAT"),
    }
    if author == actor:
        sent = _("You sent a reply on %(time)s, after this page was opened.")
        saved = _("You saved the draft on %(time)s, after this page was opened.")
    else:
        sent = _("%(name)s sent a reply on %(time)s, after you had opened this page.")
        saved = _("%(name)s saved the draft on %(time)s, after you had opened this page.")
    return (sent if latest.sent_at else saved) % words


# --- the draft


def draft_of(inquiry: Inquiry) -> Reply:
    """The draft that is there, or a new one that is not stored yet. One query."""
    found = inquiry.replies.filter(sent_at=None).first()
    return found or new_draft(inquiry, inquiry.language)


def new_draft(inquiry: Inquiry, language: str) -> Reply:
    """Subject line and salutation in the language of the inquirer; not stored."""
    with translation.override(language):
        subject = _("Your inquiry %(reference)s") % {"reference": inquiry.reference}
        # Who reports an error gives no name.
        dear = _("Dear %(name)s,") % {"name": inquiry.name} if inquiry.name else _("Dear reader,")
        text = f"{dear}\n\n"
    return Reply(inquiry=inquiry, language=language, subject=subject, text=text)


def suggested_points(inquiry: Inquiry) -> list[str]:
    """The questions of the message, until somebody has said which they are. Two queries."""
    if inquiry.points.exists() or inquiry.replies.exists():
        return []
    return split_questions(inquiry.message)


def version_of(reply: Reply | None) -> str:
    """Which state of the draft this is; empty for one that is not stored."""
    return reply.updated_at.isoformat() if reply and reply.pk else ""


def check_unchanged(inquiry: Inquiry, seen: str, actor: Any) -> None:
    """Raise DraftChanged unless the draft is still as it was ``seen``. One or two queries."""
    replies = inquiry.replies.select_related("author")
    stored = replies.filter(sent_at=None).first()
    if version_of(stored) != seen:
        raise DraftChanged(stored or replies.order_by("sent_at").last(), actor)


@transaction.atomic
def save_draft(reply: Reply, actor: Any, *, seen: str) -> Reply:
    """Store the draft, unless another state of it is there than was ``seen`` (``version_of``)."""
    inquiry = Inquiry.objects.select_for_update().get(pk=reply.inquiry_id)
    if reply.pk and Reply.objects.filter(pk=reply.pk).exclude(sent_at=None).exists():
        raise ValidationError(ALREADY_SENT)
    check_unchanged(inquiry, seen, actor)
    reply.author = actor
    reply.save()
    return reply


def blocks_for(inquiry: Inquiry) -> list[AnswerBlock]:
    """Approved words for the subject and park of the inquiry, and those for all. One query."""
    return [block for block, reason in judged_blocks(inquiry) if not reason]


def judged_blocks(inquiry: Inquiry) -> list[tuple[AnswerBlock, str]]:
    """All answer blocks, each with why it is not offered here; empty: it is. One query."""
    blocks = AnswerBlock.objects.select_related("park")
    return [(block, _why_not(block, inquiry)) for block in blocks]


def _why_not(block: AnswerBlock, inquiry: Inquiry) -> str:
    if block.park_id not in {None, inquiry.park_id or inquiry.proposed_park_id}:
        return _("only for this park: %(park)s") % {"park": block.park}
    if not _is_about(block.subject, inquiry.subject):
        return _("for another subject: %(subject)s") % {"subject": block.get_subject_display()}
    return "" if block.is_approved else _("not approved yet")


def _is_about(subject: str, asked: str) -> bool:
    if subject in {"", asked}:
        return True
    return Subject(subject).is_of_investors and Subject(asked).is_of_investors


def fill_in(inquiry: Inquiry, text: str, language: str) -> Filled:
    """``text`` with the facts of the inquiry's park and project in the place of marks."""
    return fill(text, language, inquiry.park or inquiry.proposed_park, inquiry.project)


# --- sending


def open_points(reply: Reply) -> list[AskedPoint]:
    """Questions that the reply neither answers nor promises to answer. One query."""
    return list(
        AskedPoint.objects.filter(
            inquiry=reply.inquiry_id, answered_at=None, promised_for=None
        ).exclude(reply=reply)
    )


def problems_of(reply: Reply, inquiry: Inquiry) -> list[str]:
    """What keeps the reply from being sent, in words. At most two queries."""
    problems = []
    if inquiry.erased_at:
        problems.append(_("The personal data of this inquiry are erased."))
    elif not inquiry.email:
        problems.append(_("There is no e-mail address: answer in another way and note it."))
    if inquiry.status == Status.SPAM:
        problems.append(_("The inquiry lies in quarantine: release it first."))
    if len(reply.text.strip()) < SHORTEST_TEXT:
        problems.append(_("The reply says nothing yet."))
    if marks_in(reply.text):
        problems.append(
            _("There are marks without facts in the text: %(marks)s")
            % {"marks": ", ".join(marks_in(reply.text))}
        )
    if points := open_points(reply):
        asked = " · ".join(f"“{point.text}”" for point in points)
        problems.append(
            _("Not answered and not promised for a day: %(questions)s") % {"questions": asked}
        )
    promised = inquiry.points.filter(answered_at=None, promised_for__lt=timezone.localdate())
    if late := [point.text for point in promised.exclude(reply=reply)]:
        problems.append(
            _("Promised for a day that is over: %(questions)s") % {"questions": " · ".join(late)}
        )
    return problems


@transaction.atomic
def send_reply(reply: Reply, actor: Any) -> str:
    """Send the draft: mail, ticked questions, event, clock and stage, all or nothing.

    Returns why the stage could not follow, in words; empty if it did. Raises ``ValidationError``
    with everything that keeps the reply back.
    """
    inquiry = Inquiry.objects.select_for_update().get(pk=reply.inquiry_id)
    draft = Reply.objects.get(pk=reply.pk)
    if draft.sent_at:
        raise ValidationError(ALREADY_SENT)
    check_unchanged(inquiry, version_of(reply), actor)
    if problems := problems_of(draft, inquiry):
        raise ValidationError(problems)
    now = timezone.now()
    draft.author = actor
    draft.sent_at = now
    draft.save()
    draft.points.filter(answered_at=None).update(answered_at=now, promised_for=None)
    note_event(
        inquiry, InquiryEvent.Kind.REPLY, actor=actor, text=draft.subject, is_public=True, at=now
    )
    tasks.enqueue_delivery([_queue(draft, inquiry, now)])
    replied(inquiry, now, actor)
    return _follow(inquiry, draft, actor)


def _queue(reply: Reply, inquiry: Inquiry, at: datetime) -> OutgoingMail:
    return OutgoingMail.objects.create(
        inquiry=inquiry,
        kind=OutgoingMail.Kind.REPLY,
        recipient=inquiry.email,
        reply=reply,
        message_id=new_message_id(),
        queued_at=at,
        next_attempt_at=at,
    )


def _follow(inquiry: Inquiry, reply: Reply, actor: Any) -> str:
    """Move the inquiry to the stage that the reply means."""
    stage = _stage_after(inquiry, reply)
    if stage is None:
        return ""
    try:
        with transaction.atomic():
            change_stage(inquiry, stage, actor)
    except GateClosed as closed:
        inquiry.refresh_from_db()
        return " ".join(closed.messages)
    return ""


def _stage_after(inquiry: Inquiry, reply: Reply) -> Status | None:
    if not Kind(inquiry.kind).is_in_pipeline:
        is_settled = not inquiry.points.filter(answered_at=None).exists()
        stage = Status.ANSWERED if is_settled else Status.OPEN
    elif reply.is_proposal:
        stage = Status.PROPOSAL
    elif inquiry.status in BEFORE_CONTACT:
        stage = Status.CONTACTED
    else:
        return None
    return stage if stage != inquiry.status else None
