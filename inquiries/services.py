"""What happens to an inquiry, each as one transaction. Called by views, the desk and commands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import intake
from core.models import Contact, SiteSettings
from inquiries import consent, mail, ownership, pipeline, tasks
from inquiries.choices import Kind, Purpose, Status, Subject
from inquiries.events import note_event
from inquiries.models import (
    Consent,
    Inquiry,
    InquiryEvent,
    OutgoingMail,
    new_reference,
    new_secret,
)
from inquiries.working_days import deadline
from investment.models import Project
from parks.models import Industry, Park

REFERENCE_TRIES = 5
#: The same words of the same sender are one inquiry for so long.
DUPLICATE_WITHIN = timedelta(days=14)
SLUG = re.compile(r"[-\w]{1,80}", re.ASCII)
PAGE = re.compile(r"/[\w./%-]{0,199}", re.ASCII)


@dataclass(slots=True)
class InquiryContext:
    """What the visitor was looking at, as the address of the form says."""

    park: Park | None = None
    project: Project | None = None
    industry: Industry | None = None
    #: Names in the address that no public record has: "park", "project", "industry".
    unknown: tuple[str, ...] = ()

    @property
    def desk(self) -> Contact | None:
        """Who answers for this place; None: the desk of the whole cluster."""
        if self.park and self.park.officer:
            return self.park.officer
        if self.project and self.project.park and self.project.park.officer:
            return self.project.park.officer
        return None


def find_context(query: Any) -> InquiryContext:
    """Records named by ``?park=…&project=…&industry=…``. One query for each that is named."""
    context = InquiryContext()
    objects = {
        "park": Park.objects.select_related("officer"),
        "project": Project.objects.select_related("park__officer"),
        "industry": Industry.objects.all(),
    }
    for name, queryset in objects.items():
        slug = query.get(name, "")
        if not slug:
            continue
        found = queryset.public().filter(slug=slug) if SLUG.fullmatch(slug) else queryset.none()
        record = found.first()
        if record is None:
            context.unknown += (name,)
        else:
            setattr(context, name, record)
    return context


def find_submission(key: str) -> Inquiry | None:
    """The inquiry that one showing of the form has become already, if it was sent before."""
    return Inquiry.objects.filter(submission_key=key).first() if key else None


def submit_inquiry(
    answers: dict[str, Any],
    context: InquiryContext,
    *,
    key: str,
    site: SiteSettings | None = None,
    language: str,
    page: str = "",
    address: str = "",
    suspicion: str = "",
) -> Inquiry:
    """Store an inquiry, its first event, the consent and its mails, all or nothing.

    ``answers`` are cleaned answers of the form by field name, and if they were chosen ``kind`` and
    ``purposes`` (of consent beside the answer itself); ``address`` is the sender's network
    (it is compared with blocked ones and not kept), ``suspicion`` what the form found. Sent twice
    with the same ``key``, however close together, it is stored once and both calls return the same
    row. What looks like spam is stored in quarantine, without mails.
    """
    site = site or SiteSettings.current()
    kind = answers.pop("kind", None) or kind_for(answers["subject"])
    purposes = answers.pop("purposes", ())
    desk = context.desk if context.desk and context.desk.email else site.contact
    reason = suspicion or intake.assess(answers["message"], email=answers["email"], address=address)
    digest = intake.content_digest(answers["email"], answers["message"])
    for _attempt in range(REFERENCE_TRIES):
        now = timezone.now()
        inquiry = Inquiry(
            reference=new_reference(timezone.localtime(now).year),
            submission_key=key,
            created_at=now,
            last_event_at=now,
            kind=kind,
            status=Status.SPAM if reason else Status.NEW,
            quarantine_reason=reason,
            content_digest=digest,
            language=language,
            park=context.park,
            project=context.project,
            page=page if PAGE.fullmatch(page) else "",
            officer=context.desk or site.contact,
            consent_version=consent.CURRENT,
            consent_language=language,
            consent_at=now,
            due_at=deadline(now, kind.answer_days(site.response_days)),
            **answers,
        )
        try:
            with transaction.atomic():
                _store(inquiry, desk, purposes)
        except IntegrityError:
            if earlier := find_submission(key):
                return earlier
        else:
            return inquiry
    raise RuntimeError("No free reference was found; the database refuses the row.")


def _store(inquiry: Inquiry, desk: Contact | None, purposes: Iterable[Purpose]) -> None:
    """The row and everything that belongs to it; call it in one transaction."""
    received = InquiryEvent.Kind.RECEIVED
    inquiry.duplicate_of = _same_as(inquiry)
    inquiry.save(force_insert=True)
    for purpose in purposes:
        Consent.objects.create(
            inquiry=inquiry,
            purpose=purpose,
            version=consent.NEWS_CURRENT,
            language=inquiry.language,
            given_at=inquiry.created_at,
        )
    InquiryEvent.objects.create(
        inquiry=inquiry, kind=received, at=inquiry.created_at, is_public=True
    )
    if inquiry.status == Status.SPAM:
        return
    if inquiry.duplicate_of:
        note_event(inquiry, InquiryEvent.Kind.DUPLICATE, text=inquiry.duplicate_of.reference)
    tasks.enqueue_delivery(mail.queue_mails(inquiry, desk))
    ownership.route(inquiry)


def _same_as(inquiry: Inquiry) -> Inquiry | None:
    """The first inquiry of the last days with the same sender and words. One query."""
    return (
        Inquiry.objects.filter(
            content_digest=inquiry.content_digest,
            created_at__gte=inquiry.created_at - DUPLICATE_WITHIN,
            duplicate_of=None,
        )
        .only("reference")
        .order_by("created_at")
        .first()
    )


def kind_for(subject: str) -> Kind:
    """Whose queue an inquiry of the form belongs to, as far as its subject tells."""
    kinds = {
        Subject.PRESS: Kind.PRESS,
        Subject.CITIZEN: Kind.CITIZEN,
        Subject.SUPPLIER: Kind.SUPPLIER,
    }
    return kinds.get(Subject(subject), Kind.INVESTOR)


@transaction.atomic
def assign(inquiry: Inquiry, user: Any, actor: AbstractBaseUser) -> bool:
    """Make ``user`` (or nobody: None) answer it; outside the pipeline it is then in hand."""
    text = str(user) if user else ""
    if user:
        # Nobody stands in for himself.
        Inquiry.objects.filter(pk=inquiry.pk, backup=user).update(backup=None)
        inquiry.backup = None if inquiry.backup_id == user.pk else inquiry.backup
    done = _change(inquiry, "assigned_to", user, actor, InquiryEvent.Kind.ASSIGNED, text)
    is_queued = not Kind(inquiry.kind).is_in_pipeline
    if done and user and is_queued and inquiry.status == Status.NEW:
        pipeline.change_stage(inquiry, Status.OPEN, actor)
    return done


def _change(
    inquiry: Inquiry,
    field: str,
    value: Any,
    actor: AbstractBaseUser,
    kind: InquiryEvent.Kind,
    text: str,
) -> bool:
    before = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    setattr(inquiry, field, value)
    if getattr(before, field) == value:
        return False
    inquiry.save(update_fields=[field])
    note_event(inquiry, kind, actor=actor, text=text)
    return True


def add_note(inquiry: Inquiry, text: str, actor: AbstractBaseUser) -> InquiryEvent:
    """Write down what colleagues should know. The inquirer does not see it."""
    return note_event(inquiry, InquiryEvent.Kind.NOTE, actor=actor, text=text)


@transaction.atomic
def send_again(outgoing: OutgoingMail, actor: AbstractBaseUser) -> None:
    """Put a mail into the queue once more, by hand, with a Message-ID of its own."""
    outgoing.message_id = mail.new_message_id()
    outgoing.status = OutgoingMail.Status.QUEUED
    outgoing.attempts = 0
    outgoing.queued_at = outgoing.next_attempt_at = timezone.now()
    outgoing.leased_until = outgoing.sent_at = None
    outgoing.last_error = ""
    outgoing.save()
    InquiryEvent.objects.create(
        inquiry_id=outgoing.inquiry_id,
        kind=InquiryEvent.Kind.MAIL_AGAIN,
        actor=actor,
        text=outgoing.kind,
    )
    tasks.enqueue_delivery([outgoing])


@transaction.atomic
def replace_secret(inquiry: Inquiry, actor: AbstractBaseUser) -> None:
    """Make every receipt link that was given out worthless."""
    inquiry.secret = new_secret()
    inquiry.save(update_fields=["secret"])
    note_event(inquiry, InquiryEvent.Kind.SECRET, actor=actor)
