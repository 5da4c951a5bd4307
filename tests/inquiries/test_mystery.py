"""One test inquiry a month: made like any other, counted nowhere, judged by five questions."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.utils import timezone

from inquiries import mystery
from inquiries.choices import Status
from inquiries.events import note_event
from inquiries.models import AskedPoint, Inquiry, InquiryEvent, MysteryShop, Reply
from inquiries.mystery import observed, send_if_due, send_mystery_inquiry
from tests.inquiries.samples import cluster_desk
from tests.staff.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.MYSTERY_EMAIL = ["m.keller@example.org"]
    cluster_desk()


def test_a_test_inquiry_looks_like_any_other(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        shop = send_mystery_inquiry()
    inquiry = shop.inquiry
    assert inquiry.is_synthetic
    assert inquiry.status == Status.NEW
    assert inquiry.email == "m.keller@example.org"
    assert {mail.kind for mail in inquiry.mails.all()} >= {"receipt", "notice"}
    assert not [mail for mail in outbox.outbox if "mystery" in (mail.subject + mail.body).lower()]


def test_there_is_one_a_month():
    assert send_mystery_inquiry()
    assert send_mystery_inquiry() is None
    assert send_mystery_inquiry(timezone.localdate() + timedelta(days=31))
    assert Inquiry.objects.count() == 2


def test_it_counts_in_no_figure():
    send_mystery_inquiry()
    assert not Inquiry.objects.counted().exists()


def test_without_an_address_there_are_none(settings):
    settings.MYSTERY_EMAIL = []
    assert send_mystery_inquiry() is None
    with pytest.raises(CommandError, match="MYSTERY_EMAIL"):
        call_command("mystery_inquiry")


def test_the_worker_waits_for_the_chosen_day(clock, monkeypatch):
    monkeypatch.setattr(mystery, "chosen_day", lambda month: 25)
    assert send_if_due() is None
    clock.shift(timedelta(days=1))
    assert send_if_due()
    assert send_if_due() is None


def test_the_chosen_day_is_one_of_the_month_and_no_constant():
    days = {mystery.chosen_day(timezone.localdate().replace(month=month)) for month in range(1, 13)}
    assert days <= set(range(mystery.FIRST_DAY, mystery.LAST_DAY + 1))
    assert len(days) > 3


def test_the_command_says_what_it_did(capsys):
    call_command("mystery_inquiry")
    call_command("mystery_inquiry")
    said = capsys.readouterr().out
    assert MysteryShop.objects.get().inquiry.reference in said
    assert "This month has one." in said


def test_nothing_is_observed_while_nobody_has_answered():
    inquiry = send_mystery_inquiry().inquiry
    assert not any(observed(inquiry).values())


def test_what_the_portal_knows_of_an_answer_is_filled_in():
    inquiry = send_mystery_inquiry().inquiry
    officer = member("Inquiry officer", first_name="Mei", last_name="Chen")
    inquiry.first_reply_at = timezone.now()
    inquiry.save(update_fields=["first_reply_at"])
    Reply.objects.create(
        inquiry=inquiry,
        language="en",
        subject="x",
        text="x",
        author=officer,
        sent_at=timezone.now(),
    )
    note_event(inquiry, InquiryEvent.Kind.FOLLOW_UP, actor=officer)
    point = AskedPoint.objects.create(inquiry=inquiry, text="At what price?")
    assert observed(inquiry) == {
        "reached": True,
        "named": True,
        "all_answered": False,
        "followed_up": True,
    }
    point.answered_at = timezone.now()
    point.save()
    assert observed(inquiry)["all_answered"]


def test_a_late_answer_is_no_answer_reached():
    inquiry = send_mystery_inquiry().inquiry
    inquiry.first_reply_at = inquiry.due_at + timedelta(minutes=1)
    assert not observed(inquiry)["reached"]
