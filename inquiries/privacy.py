"""What a person may ask of us about their data, and the proof that it was done.

Erasing keeps the row: kind, country, park, stage and times stay, so that no figure of the past
changes, and everything that a person wrote or that names one goes. On SQLite the log of writes
is emptied too, because the erased words would stand there until it is used again.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from inquiries.choices import CloseReason, Status
from inquiries.data_copy import export_data
from inquiries.events import note_event
from inquiries.models import (
    AskedPoint,
    DataRequest,
    InboundMail,
    Inquiry,
    InquiryEvent,
    InquiryFile,
    Look,
    OutgoingMail,
    Reply,
    new_secret,
)

#: Events whose text is a code, a reference or the name of a colleague, never words of a person.
EVENTS_WITH_CODES = (
    *(InquiryEvent.Kind.ASSIGNED, InquiryEvent.Kind.DUPLICATE),
    *(InquiryEvent.Kind.MAIL_SENT, InquiryEvent.Kind.MAIL_FAILED, InquiryEvent.Kind.MAIL_AGAIN),
)
MAILS_TO_INQUIRERS = (OutgoingMail.Kind.RECEIPT, OutgoingMail.Kind.REPLY)

#: Why what was still open is closed, if not because somebody asked for it.
CLOSE_REASONS: dict[str, CloseReason] = {DataRequest.Kind.RETENTION: CloseReason.NO_REPLY}

Counts = dict[str, int]


def note_look(inquiries: Iterable[Inquiry], user: Any, kind: str = Look.Kind.VIEW) -> None:
    """Write down that ``user`` saw, or took away, personal data of ``inquiries``. One insert."""
    Look.objects.bulk_create(
        [Look(inquiry_id=inquiry.pk, user=user, kind=kind) for inquiry in inquiries],
        batch_size=500,
    )


def hand_out(inquiry: Inquiry, actor: Any = None, *, is_by_inquirer: bool = False) -> bytes:
    """Everything held about the sender as a ZIP (JSON, PDF, files), noted with its digest."""
    data, document = export_data(inquiry)
    archive = io.BytesIO()
    files = list(inquiry.files.all())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(f"{inquiry.reference}.json", data)
        bundle.writestr(f"{inquiry.reference}.pdf", document)
        for number, stored in enumerate(files, start=1):
            name = stored.name.replace("/", "_").replace("\\", "_")
            with stored.file.open("rb") as opened:
                bundle.writestr(f"files/{number}-{name}", opened.read())
    content = archive.getvalue()
    with transaction.atomic():
        request = _request(inquiry, DataRequest.Kind.EXPORT, is_by_inquirer)
        request.done_at, request.done_by = timezone.now(), actor
        request.counts = {"files": len(files), "bytes": len(content)}
        request.digest = hashlib.sha256(content).hexdigest()
        request.save()
        note_event(inquiry, InquiryEvent.Kind.EXPORTED, actor=actor)
        if actor is not None:
            note_look([inquiry], actor, Look.Kind.EXPORT)
    return content


def erase(
    inquiry: Inquiry,
    actor: Any = None,
    kind: str = DataRequest.Kind.ERASURE,
    *,
    is_by_inquirer: bool = False,
) -> DataRequest:
    """Take everything personal out of the inquiry and all that belongs to it; return the proof.

    All of it or nothing. Whatever was added after an erasure can be erased again.
    """
    with transaction.atomic():
        row = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
        request = _request(row, kind, is_by_inquirer)
        request.done_by, request.counts = actor, _erase_parts(row)
        _erase_row(row, kind)
        event = note_event(row, InquiryEvent.Kind.ERASED, actor=actor, text=str(kind))
        Inquiry.objects.filter(pk=row.pk).update(erased_at=event.at)
        request.done_at = event.at
        request.save()
        # Whatever else was asked for cannot be done any more, or is done with this.
        row.data_requests.filter(done_at=None).update(done_at=event.at, done_by=actor)
        transaction.on_commit(empty_write_ahead_log, robust=True)
    inquiry.refresh_from_db()
    return request


def _request(inquiry: Inquiry, kind: str, is_by_inquirer: bool) -> DataRequest:
    """What the inquirer has asked for and is waiting for, or a new one. Not saved."""
    waiting = inquiry.data_requests.filter(kind=kind, done_at=None).first()
    return waiting or DataRequest(
        kind=kind, inquiry=inquiry, reference=inquiry.reference, is_by_inquirer=is_by_inquirer
    )


def _erase_row(inquiry: Inquiry, kind: str) -> None:
    """The inquiry itself. What is still open is closed: nobody is left to be answered."""
    now = timezone.now()
    cleared = dict.fromkeys(
        ("name", "email", "organisation", "phone", "message", "figure", "start", "rating_text"), ""
    )
    cleared |= dict.fromkeys(("next_action", "content_digest", "pause_reason"), "")
    cleared |= dict.fromkeys(("land_needed", "next_action_due", "follow_up_due", "paused_at"), None)
    changes: dict[str, Any] = {
        **cleared,
        # A confidential inquiry needs a code name: its reference names nobody.
        "code_name": inquiry.reference if inquiry.is_confidential else "",
        "secret": new_secret(),
        "submission_key": new_secret(),
    }
    if not Status(inquiry.status).is_finished and inquiry.status != Status.SIGNED:
        changes |= {
            "status": Status.CLOSED,
            "close_reason": CLOSE_REASONS.get(kind, CloseReason.WITHDRAWN),
            "closed_at": now,
        }
        note_event(inquiry, InquiryEvent.Kind.STATUS, text=Status.CLOSED)
    Inquiry.objects.filter(pk=inquiry.pk).update(**changes)


def _erase_parts(inquiry: Inquiry) -> Counts:
    """Events, replies, questions, mails, files; returns how many of each held something."""
    _erase_log_entries(inquiry)
    # Their tracebacks may quote what they worked on.
    DBTaskResult.objects.finished().filter(task_path__startswith="inquiries.").delete()
    own = {"inquiry": inquiry}
    drafts = Reply.objects.filter(**own, sent_at=None)
    counts = {
        "events": _erase_events(inquiry.events.all()),
        "points": AskedPoint.objects.filter(**own).exclude(text="").update(text=""),
        "drafts": _deleted(drafts, Reply),
        "replies": Reply.objects.filter(**own).exclude(text="").update(text="", subject=""),
        "inbound_mails": _deleted(_mails_received(inquiry), InboundMail),
        "mails": _erase_mails(inquiry),
        "files": _erase_files(inquiry.files.all()),
    }
    return counts


def _mails_received(inquiry: Inquiry) -> QuerySet:
    """Filed ones, and those that wait although they can be of this inquiry only."""
    is_its = Q(subject__icontains=inquiry.reference)
    others = Inquiry.objects.filter(email__iexact=inquiry.email, erased_at=None)
    if inquiry.email and not others.exclude(pk=inquiry.pk).exists():
        is_its |= Q(sender__iexact=inquiry.email)
    return InboundMail.objects.filter(Q(inquiry=inquiry) | Q(is_its, inquiry=None))


def _erase_events(events: QuerySet) -> int:
    """Words go, codes stay: the figures of the stages are made of them."""
    stages = InquiryEvent.Kind.STATUS
    for status in Status:
        events.filter(kind=stages, text__startswith=f"{status} ").update(text=status.value)
    is_code = Q(kind__in=EVENTS_WITH_CODES) | Q(kind=stages, text__in=Status.values)
    return events.exclude(is_code).exclude(text="").update(text="")


def _erase_mails(inquiry: Inquiry) -> int:
    """Addresses of mails to the inquirer; what still waits is not sent any more."""
    mails = OutgoingMail.objects.filter(inquiry=inquiry)
    mails.filter(status=OutgoingMail.Status.QUEUED).update(
        status=OutgoingMail.Status.FAILED, leased_until=None, last_error="erased"
    )
    to_person = Q(kind__in=MAILS_TO_INQUIRERS)
    if inquiry.email:
        to_person |= Q(recipient__iexact=inquiry.email)
    return mails.filter(to_person).exclude(recipient="").update(recipient="")


def _erase_files(files: QuerySet[InquiryFile]) -> int:
    """Rows and files. A file is gone even if the transaction fails: the smaller harm."""
    count = 0
    for stored in files:
        stored.file.delete(save=False)
        stored.delete()
        count += 1
    return count


def _erase_log_entries(inquiry: Inquiry) -> None:
    """The desk's own log says who changed what when; it needs no words for that."""
    related = {
        Inquiry: [inquiry.pk],
        **{
            model: model._default_manager.filter(inquiry=inquiry).values_list("pk", flat=True)
            for model in (Reply, AskedPoint, InboundMail, InquiryFile, OutgoingMail)
        },
    }
    for model, keys in related.items():
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model),
            object_id__in=[str(key) for key in keys],
        ).update(object_repr=inquiry.reference, change_message="")


def _deleted(rows: QuerySet, model: type) -> int:
    """Delete ``rows``; how many of ``model`` they were, without what hung on them."""
    return rows.delete()[1].get(model._meta.label, 0)


def empty_write_ahead_log() -> None:
    """Write everything into the database file and cut the log to nothing. SQLite only.

    Inside a transaction it cannot be done; the purge of the night does it again.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
