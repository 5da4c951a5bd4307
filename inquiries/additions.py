"""What inquirers do with an inquiry that is stored: add to it, rate the answer, ask for their data.

Each is one transaction and can be sent twice without happening twice: the same words and the same
file are added once, an answer is rated once, a request that is still open is not made again.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from inquiries import pipeline, privacy, updates
from inquiries.choices import PauseReason, Purpose, Status
from inquiries.clocks import resume
from inquiries.events import note_event
from inquiries.files import MOST_FILES, CheckedFile, keep_file
from inquiries.models import DataRequest, Inquiry, InquiryEvent, InquiryFile


def free_places(inquiry: Inquiry) -> int:
    """How many files can still be added. One query."""
    return max(MOST_FILES - inquiry.files.filter(is_from_inquirer=True).count(), 0)


def add_information(
    inquiry: Inquiry, text: str, files: Iterable[CheckedFile] = (), *, key: str
) -> bool:
    """Add words and files, let the clock run again, tell who answers. False: all known already.

    When nothing is stored in the end, no file stays behind on the disk either.
    """
    kept: list[InquiryFile] = []
    try:
        return _add(inquiry, text, files, key, kept)
    except BaseException:
        for row in kept:
            row.file.storage.delete(row.file.name)
        raise


@transaction.atomic
def _add(
    inquiry: Inquiry, text: str, files: Iterable[CheckedFile], key: str, kept: list[InquiryFile]
) -> bool:
    locked = _locked(inquiry)
    is_new = False
    added = InquiryEvent.Kind.ADDED
    if text and not locked.events.filter(kind=added, text=text).exists():
        note_event(locked, added, text=text, is_public=True)
        is_new = True
    known = set(locked.files.values_list("sha256", flat=True))
    places = free_places(locked)
    for number, checked in enumerate(files):
        if checked.sha256 in known or not places:
            continue
        row = keep_file(locked, checked, f"{key[:38]}-{number}")
        kept.append(row)
        known.add(checked.sha256)
        places -= 1
        note_event(locked, InquiryEvent.Kind.FILE, text=row.name, is_public=True)
        is_new = True
    if is_new:
        _go_on(locked)
        updates.queue_update(locked)
    return is_new


@transaction.atomic
def rate(inquiry: Inquiry, rating: int, text: str) -> bool:
    """Rate the answer. False if it was rated already, or if there is no answer yet."""
    locked = _locked(inquiry)
    if locked.rating is not None or locked.first_reply_at is None:
        return False
    locked.rating, locked.rating_text, locked.rated_at = rating, text, timezone.now()
    locked.save(update_fields=["rating", "rating_text", "rated_at"])
    note_event(locked, InquiryEvent.Kind.RATED, text=str(rating), is_public=True)
    return True


@transaction.atomic
def request_data(inquiry: Inquiry, kind: DataRequest.Kind, words: str) -> DataRequest:
    """Ask for a copy or for erasure; staff do it. ``words`` are what the inquirer chose."""
    locked = _locked(inquiry)
    waiting = DataRequest.objects.filter(inquiry=locked, kind=kind, done_at=None).first()
    if waiting:
        return waiting
    made = DataRequest.objects.create(
        kind=kind, inquiry=locked, reference=locked.reference, is_by_inquirer=True
    )
    note_event(locked, InquiryEvent.Kind.ADDED, text=words, is_public=True)
    updates.queue_update(locked)
    return made


@transaction.atomic
def stop_news(inquiry: Inquiry) -> bool:
    """Withdraw the consent to be told news. False if there was none."""
    locked = _locked(inquiry)
    now = timezone.now()
    count = locked.consents.filter(purpose=Purpose.NEWS, withdrawn_at=None).update(withdrawn_at=now)
    if count:
        note_event(locked, InquiryEvent.Kind.CONSENT, text=Purpose.NEWS)
    return bool(count)


@transaction.atomic
def withdraw(inquiry: Inquiry) -> None:
    """Withdraw the consent: the inquiry is closed and everything personal in it is erased.

    The request that stays behind proves it. The secret is worthless from then on.
    """
    locked = _locked(inquiry)
    locked.consent_withdrawn_at = timezone.now()
    locked.save(update_fields=["consent_withdrawn_at"])
    locked.consents.filter(withdrawn_at=None).update(withdrawn_at=locked.consent_withdrawn_at)
    note_event(locked, InquiryEvent.Kind.CONSENT, text="withdrawn", is_public=True)
    privacy.erase(locked, None, DataRequest.Kind.WITHDRAWAL, is_by_inquirer=True)


def _locked(inquiry: Inquiry) -> Inquiry:
    """The row as it is now, kept from others until the transaction ends."""
    return Inquiry.objects.select_for_update().get(pk=inquiry.pk)


def _go_on(inquiry: Inquiry) -> None:
    """What was waiting for the inquirer waits no longer; what was answered is open again."""
    if inquiry.paused_at and inquiry.pause_reason == PauseReason.INQUIRER:
        resume(inquiry, None)
    if inquiry.status == Status.ANSWERED:
        pipeline.change_stage(inquiry, Status.OPEN, None)
