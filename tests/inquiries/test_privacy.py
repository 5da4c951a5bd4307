"""Looks are noted, and what is erased is gone: from rows, files, and the database's own files."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from inquiries.choices import Purpose, Status
from inquiries.events import note_event
from inquiries.models import (
    AskedPoint,
    Consent,
    DataRequest,
    InboundMail,
    Inquiry,
    InquiryEvent,
    InquiryFile,
    Look,
    OutgoingMail,
    Reply,
)
from inquiries.privacy import erase, note_look
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.staff.people import member

NAME = "Zebulon Quackenbush"
EMAIL = "zebulon@quackenbush.example"
MESSAGE = "Xylophone works seek forty hectares beside the river."
PERSONAL = (NAME, "Zebulon", EMAIL, "quackenbush", "Xylophone", "+4420799", "Xylo Ltd")


@pytest.fixture(autouse=True)
def private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    return settings.PRIVATE_ROOT


def full_inquiry() -> Inquiry:
    """An inquiry with everything that can hang on one, each with words of or about the person."""
    cluster_desk()
    inquiry = stored_inquiry(
        name=NAME, email=EMAIL, message=MESSAGE, organisation="Xylo Ltd", phone="+4420799"
    )
    Inquiry.objects.filter(pk=inquiry.pk).update(
        rating=4,
        rating_text=f"Thanks, says {NAME}",
        is_confidential=True,
        code_name="Project Xylophone",
        next_action=f"Call {NAME}",
        first_reply_at=timezone.now(),
    )
    inquiry.refresh_from_db()
    actor = member("Inquiry officer")
    note_event(inquiry, InquiryEvent.Kind.NOTE, actor=actor, text=f"{NAME} called")
    note_event(inquiry, InquiryEvent.Kind.STATUS, actor=actor, text="screened")
    sent = Reply.objects.create(
        inquiry=inquiry,
        language="en",
        subject=f"To {NAME}",
        text=f"Dear {NAME}",
        author=actor,
        sent_at=timezone.now(),
    )
    Reply.objects.create(inquiry=inquiry, language="en", subject="Draft", text=MESSAGE)
    AskedPoint.objects.create(inquiry=inquiry, text=MESSAGE, reply=sent)
    InboundMail.objects.create(
        inquiry=inquiry, message_id=f"<1@{EMAIL}>", sender=EMAIL, subject=NAME, text=MESSAGE
    )
    Consent.objects.create(inquiry=inquiry, purpose=Purpose.NEWS, version="2026-11", language="en")
    stored = InquiryFile(inquiry=inquiry, name=f"{NAME}.pdf", content_type="application/pdf")
    stored.size, stored.sha256 = len(MESSAGE), "0" * 64
    stored.file.save("x", ContentFile(MESSAGE.encode()))
    LogEntry.objects.create(
        user=actor,
        content_type=ContentType.objects.get_for_model(Inquiry),
        object_id=str(inquiry.pk),
        object_repr=NAME,
        action_flag=CHANGE,
        change_message=f"Added note {MESSAGE}",
    )
    return inquiry


def whole_database() -> str:
    """Every text of every row of the tables that could hold something."""
    models = (
        *(Inquiry, InquiryEvent, Reply, AskedPoint, InboundMail, OutgoingMail, InquiryFile),
        *(Consent, DataRequest, LogEntry),
    )
    rows = [list(model._base_manager.values()) for model in models]
    return json.dumps(rows, default=str, ensure_ascii=False)


@pytest.mark.django_db
def test_a_look_is_noted_for_each_inquiry_in_one_query(django_assert_num_queries):
    officer = member("Inquiry officer")
    inquiries = [stored_inquiry(), stored_inquiry()]
    with django_assert_num_queries(1):
        note_look(inquiries, officer, Look.Kind.EXPORT)
    assert set(Look.objects.values_list("inquiry", "user", "kind")) == {
        (item.pk, officer.pk, "export") for item in inquiries
    }


@pytest.mark.django_db
def test_erasing_leaves_no_word_of_the_person(private_root):
    inquiry = full_inquiry()
    before = whole_database()
    assert all(word in before for word in PERSONAL)
    erase(inquiry)
    after = whole_database()
    assert [word for word in PERSONAL if word.lower() in after.lower()] == []
    assert [path for path in private_root.rglob("*") if path.is_file()] == []


@pytest.mark.django_db
def test_erasing_keeps_what_figures_are_made_of():
    inquiry = full_inquiry()
    kept = ("reference", "kind", "country", "subject", "channel", "created_at", "due_at")
    kept += ("first_reply_at", "rating", "park_id", "language", "consent_version", "consent_at")
    before = [getattr(inquiry, name) for name in kept]
    old_keys = inquiry.secret, inquiry.submission_key
    erase(inquiry)
    assert [getattr(inquiry, name) for name in kept] == before
    assert not set(old_keys) & {inquiry.secret, inquiry.submission_key}
    stages = inquiry.events.filter(kind="status").values_list("text", flat=True)
    assert list(stages) == ["screened", "closed"]
    assert Consent.objects.get().purpose == Purpose.NEWS
    assert inquiry.is_confidential
    assert inquiry.code_name == inquiry.reference
    inquiry.full_clean(exclude=["name", "message"])


@pytest.mark.django_db
def test_erasing_is_proven_and_noted():
    inquiry = full_inquiry()
    chief = member(username="chief", is_superuser=True)
    proof = erase(inquiry, chief)
    assert (proof.kind, proof.reference, proof.done_by) == ("erasure", inquiry.reference, chief)
    assert proof.done_at == inquiry.erased_at == inquiry.last_event_at
    assert proof.counts == {
        "events": 1,
        "points": 1,
        "drafts": 1,
        "replies": 1,
        "inbound_mails": 1,
        "mails": 1,
        "files": 1,
    }
    assert inquiry.events.filter(kind=InquiryEvent.Kind.ERASED, actor=chief).count() == 1


@pytest.mark.django_db
def test_what_is_still_open_is_closed_and_its_mails_stop():
    inquiry = full_inquiry()
    OutgoingMail.objects.update(status=OutgoingMail.Status.QUEUED)
    erase(inquiry)
    assert (inquiry.status, inquiry.close_reason) == (Status.CLOSED, "withdrawn")
    assert not OutgoingMail.objects.due().exists()


@pytest.mark.django_db
@pytest.mark.parametrize("status", [Status.SIGNED, Status.LANDED, Status.ANSWERED])
def test_a_finished_stage_stays(status):
    inquiry = full_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(status=status)
    erase(inquiry)
    assert inquiry.status == status


@pytest.mark.django_db
def test_other_inquiries_keep_their_words():
    other = stored_inquiry(name="Grace Hopper", message="Another matter.")
    erase(full_inquiry())
    other.refresh_from_db()
    assert (other.name, other.message, other.erased_at) == ("Grace Hopper", "Another matter.", None)


def waiting_mail(**values) -> InboundMail:
    given = {"message_id": f"<{InboundMail.objects.count()}@x>", "source": "imap", "text": "Hi."}
    return InboundMail.objects.create(**given, **values)


@pytest.mark.django_db
def test_mails_that_wait_to_be_filed_are_erased_with_it():
    inquiry = stored_inquiry()
    waiting_mail(subject=f"AW: {inquiry.reference.lower()}", sender="bank@example.com")
    waiting_mail(sender=inquiry.email.upper())
    other = waiting_mail(sender="eve@example.com")
    assert erase(inquiry).counts["inbound_mails"] == 2
    assert list(InboundMail.objects.all()) == [other]


@pytest.mark.django_db
def test_mails_that_may_be_of_another_inquiry_stay():
    inquiry, _other = stored_inquiry(), stored_inquiry(message="Another question.")
    waiting_mail(sender=inquiry.email)
    assert erase(inquiry).counts["inbound_mails"] == 0
    assert InboundMail.objects.count() == 1


@pytest.mark.django_db
def test_what_came_after_an_erasure_can_be_erased_too():
    inquiry = full_inquiry()
    erase(inquiry)
    InboundMail.objects.create(inquiry=inquiry, message_id="<2@x>", text=MESSAGE)
    assert erase(inquiry).counts["inbound_mails"] == 1
    assert DataRequest.objects.count() == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about files of SQLite")
@pytest.mark.django_db(transaction=True)
def test_the_files_of_the_database_hold_nothing_of_it_either(private_root):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete=ON")  # as in the portal's own settings
    database = Path(connection.settings_dict["NAME"])
    inquiry = full_inquiry()

    def found() -> list[str]:
        files = [*database.parent.glob(f"{database.name}*"), *private_root.rglob("*")]
        content = b"".join(path.read_bytes() for path in files if path.is_file()).lower()
        return [word for word in PERSONAL if word.lower().encode() in content]

    assert found() == list(PERSONAL)
    erase(inquiry)
    assert found() == []
    assert private_root == settings.PRIVATE_ROOT
