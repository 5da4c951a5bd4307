"""Spam is put aside, never thrown away, and never a reason to lose a real inquiry."""

import pytest
from django.core import mail

from core.models import BlockedSender
from inquiries import spam
from inquiries.models import Inquiry, InquiryEvent, OutgoingMail
from tests.inquiries.samples import FORM, answers, cluster_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def quarantined(client) -> Inquiry:
    """Sent by somebody whose domain is blocked."""
    cluster_desk()
    BlockedSender.objects.create(kind="domain", value="example.com")
    assert client.post(FORM, answers(email="ada@example.com")).status_code == 303
    return Inquiry.objects.get()


def test_a_blocked_sender_sees_a_receipt_and_nobody_is_written_to(quarantined, client):
    assert (quarantined.status, quarantined.quarantine_reason) == ("spam", "blocked")
    assert mail.outbox == []
    assert client.get(quarantined.get_absolute_url()).status_code == 200
    assert not Inquiry.objects.counted().exists()


def test_what_is_released_is_treated_as_if_it_came_now(quarantined, admin_user, time_machine):
    time_machine.move_to("2030-05-06T02:00:00+00:00")
    assert spam.release(quarantined, admin_user)
    quarantined.refresh_from_db()
    assert (quarantined.status, quarantined.quarantine_reason) == ("new", "")
    assert quarantined.due_at.year == 2030
    assert {item.kind for item in OutgoingMail.objects.all()} >= {"receipt", "notice"}
    assert quarantined.events.filter(kind=InquiryEvent.Kind.RELEASED, actor=admin_user).exists()


def test_what_is_not_in_quarantine_is_not_released_twice(quarantined, admin_user):
    assert spam.release(quarantined, admin_user)
    assert not spam.release(quarantined, admin_user)
    assert OutgoingMail.objects.filter(kind="receipt").count() == 1


def test_a_sender_is_blocked_from_an_inquiry(client, admin_user):
    cluster_desk()
    client.post(FORM, answers(email="Ada@example.com"))
    assert spam.quarantine(Inquiry.objects.get(), admin_user, block=True)
    client.post(FORM, answers(email="ada@EXAMPLE.com", message="Something else"))
    assert list(Inquiry.objects.values_list("status", flat=True)) == ["spam", "spam"]


def test_the_same_words_again_are_stored_and_told_apart(client):
    cluster_desk()
    for _time in range(2):
        assert client.post(FORM, answers(message="We look for land.")).status_code == 303
    second, first = Inquiry.objects.all()
    assert second.duplicate_of == first
    assert first.duplicate_of is None
    assert second.events.get(kind=InquiryEvent.Kind.DUPLICATE).text == first.reference


def test_the_same_words_of_another_are_no_duplicate(client):
    cluster_desk()
    client.post(FORM, answers(message="We look for land."))
    client.post(FORM, answers(message="We look for land.", email="bob@example.org"))
    assert not Inquiry.objects.exclude(duplicate_of=None).exists()
