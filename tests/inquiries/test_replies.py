"""Replies: what keeps one back, and everything that follows when it is sent."""

from datetime import date, timedelta

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.utils import timezone

from inquiries import replies
from inquiries.mail import message_for
from inquiries.models import AskedPoint, InboundMail, Inquiry, OutgoingMail, Reply
from inquiries.status_page import status_address
from tests.factories import IndustryFactory, ParkFactory
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.staff.people import member

pytestmark = pytest.mark.django_db

LONG_ENOUGH = "Dear Ada,\n\nThere is a port, and power at 110 kV."


@pytest.fixture
def officer():
    return member("Inquiry officer", first_name="Li", last_name="Hua", email="li@example.org")


def screened(**values) -> Inquiry:
    """An inquiry about which everything is known that a first contact needs."""
    cluster_desk(phone="0086-758-7654321")
    inquiry = stored_inquiry(**values)
    Inquiry.objects.filter(pk=inquiry.pk).update(role="decides", industry=IndustryFactory())
    inquiry.refresh_from_db()
    return inquiry


def draft(inquiry: Inquiry, officer, **values) -> Reply:
    reply = replies.new_draft(inquiry, inquiry.language)
    for name, value in {"text": LONG_ENOUGH, **values}.items():
        setattr(reply, name, value)
    return replies.save_draft(reply, officer, seen="")


def point(inquiry: Inquiry, text: str = "Is there a port?", **values) -> AskedPoint:
    return AskedPoint.objects.create(inquiry=inquiry, text=text, **values)


def test_a_sent_reply_leaves_mail_event_clock_and_stage(officer):
    inquiry = screened()
    reply = draft(inquiry, officer)
    asked = point(inquiry, reply=reply)
    outbox.outbox.clear()
    assert replies.send_reply(reply, officer) == ""
    for row in (inquiry, reply, asked):
        row.refresh_from_db()
    assert reply.sent_at == inquiry.first_reply_at == asked.answered_at
    assert inquiry.status == Inquiry.Status.CONTACTED
    event = inquiry.events.get(kind="reply")
    assert (event.is_public, event.actor) == (True, officer)
    [message] = outbox.outbox
    assert message.to == ["ada@example.com"]
    assert LONG_ENOUGH in message.body


def test_questions_without_an_answer_or_a_day_keep_the_reply_back(officer):
    inquiry = screened()
    reply = draft(inquiry, officer)
    point(inquiry, reply=reply)
    point(inquiry, "How much is power?", promised_for=date(2026, 11, 30))
    point(inquiry, "Is there gas?")
    outbox.outbox.clear()
    with pytest.raises(ValidationError) as caught:
        replies.send_reply(reply, officer)
    assert "“Is there gas?”" in caught.value.messages[0]
    assert "port" not in str(caught.value) + "power?" * 0
    assert "How much is power?" not in str(caught.value)
    reply.refresh_from_db()
    assert reply.sent_at is None
    assert not outbox.outbox
    assert not inquiry.events.filter(kind="reply").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": ""}, "no e-mail address"),
        ({"status": "spam"}, "quarantine"),
        ({"erased_at": timezone.now()}, "erased"),
    ],
)
def test_some_inquiries_cannot_be_answered_by_mail(officer, changes, words):
    inquiry = screened()
    reply = draft(inquiry, officer)
    Inquiry.objects.filter(pk=inquiry.pk).update(**changes)
    with pytest.raises(ValidationError, match=words):
        replies.send_reply(reply, officer)


@pytest.mark.parametrize(
    ("text", "words"),
    [("Dear Ada,", "says nothing"), (f"{LONG_ENOUGH} {{{{ park.name }}}}", "park.name")],
)
def test_an_unfinished_text_is_not_sent(officer, text, words):
    reply = draft(screened(), officer, text=text)
    with pytest.raises(ValidationError, match=words):
        replies.send_reply(reply, officer)


def test_a_promise_that_is_over_has_to_be_renewed(officer, clock):
    inquiry = screened()
    reply = draft(inquiry, officer)
    point(inquiry, promised_for=date(2026, 11, 25))
    clock.shift(timedelta(days=3))
    with pytest.raises(ValidationError, match="Is there a port"):
        replies.send_reply(reply, officer)


def test_a_reply_is_sent_once(officer):
    reply = draft(screened(), officer)
    replies.send_reply(reply, officer)
    with pytest.raises(ValidationError, match="already"):
        replies.send_reply(reply, officer)
    assert OutgoingMail.objects.filter(kind="reply").count() == 1


def test_a_sent_reply_is_never_changed(officer):
    reply = draft(screened(), officer)
    replies.send_reply(reply, officer)
    kept = Reply.objects.get(pk=reply.pk)
    kept.text = "changed"
    with pytest.raises(TypeError, match="never changed"):
        kept.save()
    with pytest.raises(ValidationError, match="already"):
        replies.save_draft(reply, officer, seen="")


def test_what_changed_since_it_was_read_is_not_sent(officer):
    reply = draft(screened(), officer)
    stale = Reply.objects.get(pk=reply.pk)
    reply.text = f"{LONG_ENOUGH} And gas."
    replies.save_draft(reply, officer, seen=replies.version_of(stale))
    with pytest.raises(replies.DraftChanged):
        replies.send_reply(stale, officer)
    assert not OutgoingMail.objects.filter(kind="reply").exists()


def test_a_closed_gate_keeps_the_stage_and_not_the_reply(officer):
    cluster_desk()
    inquiry = stored_inquiry()
    reply = draft(inquiry, officer)
    assert "role" in replies.send_reply(reply, officer)
    inquiry.refresh_from_db()
    assert inquiry.status == Inquiry.Status.NEW
    assert inquiry.first_reply_at is not None
    assert Reply.objects.get().sent_at is not None


def test_the_proposal_moves_an_investor_on(officer):
    inquiry = screened()
    Inquiry.objects.filter(pk=inquiry.pk).update(proposed_park=ParkFactory())
    reply = draft(inquiry, officer, is_proposal=True)
    assert replies.send_reply(reply, officer) == ""
    inquiry.refresh_from_db()
    assert inquiry.status == Inquiry.Status.PROPOSAL


def test_a_question_of_a_resident_is_answered_then(officer):
    inquiry = screened(subject="citizen")
    replies.send_reply(draft(inquiry, officer), officer)
    inquiry.refresh_from_db()
    assert inquiry.status == Inquiry.Status.ANSWERED


def test_what_is_promised_keeps_a_question_in_hand(officer):
    inquiry = screened(subject="press")
    point(inquiry, promised_for=date(2026, 11, 30))
    replies.send_reply(draft(inquiry, officer), officer)
    inquiry.refresh_from_db()
    assert inquiry.status == Inquiry.Status.OPEN


def test_two_officers_share_one_draft(officer):
    inquiry = screened()
    first = draft(inquiry, officer)
    second = replies.draft_of(inquiry)
    assert first == second
    with pytest.raises(replies.DraftChanged):
        draft(inquiry, officer, text="Begun by somebody who did not see the first.")
    second.text = "Other words, as long as they have to be."
    replies.save_draft(second, member("Chief of inquiries"), seen=replies.version_of(first))
    assert Reply.objects.get().text.startswith("Other words")


# --- the mail


def sent_mail(inquiry: Inquiry, officer, **values):
    reply = draft(inquiry, officer, **values)
    replies.send_reply(reply, officer)
    return message_for(
        OutgoingMail.objects.select_related("inquiry", "reply__author").get(reply=reply)
    )


def test_the_mail_is_signed_and_leads_to_the_status_page(officer):
    inquiry = screened()
    point(inquiry, "How much is power?", promised_for=date(2026, 11, 30))
    message = sent_mail(inquiry, officer)
    assert message.subject == f"Your inquiry {inquiry.reference}"
    assert message.reply_to == ["cluster@example.org"]
    for words in (
        *(officer.get_full_name(), "Cluster office", inquiry.reference),
        *(status_address(inquiry), "- How much is power? (Monday, 30 November 2026)"),
    ):
        assert words in message.body
    assert "Auto-Submitted" not in message.extra_headers


def test_the_mail_speaks_the_language_of_the_reply(officer):
    inquiry = screened(language="zh-hans")
    message = sent_mail(
        inquiry, officer, text="您好！园区有码头，也有一百一十千伏电源，欢迎前来考察洽谈。"
    )
    assert "/zh-hans/" in message.body
    assert message.extra_headers["Content-Language"] == "zh-hans"


def test_the_reference_is_in_every_subject_and_no_line_break(officer):
    inquiry = screened()
    message = sent_mail(inquiry, officer, subject="Land\r\nBcc: x@example.org")
    assert message.subject == f"Land Bcc: x@example.org [{inquiry.reference}]"
    assert message.message()["Bcc"] is None


def test_replies_are_threaded_with_what_came_before(officer, clock):
    inquiry = screened()
    receipt = inquiry.mails.get(kind="receipt").message_id
    clock.shift(60)
    first = sent_mail(inquiry, officer)
    assert first.extra_headers["In-Reply-To"] == first.extra_headers["References"] == receipt
    clock.shift(60)
    InboundMail.objects.create(inquiry=inquiry, message_id="<a@b>", source="imap", text="Thanks")
    clock.shift(60)
    second = sent_mail(inquiry, officer)
    assert second.extra_headers["In-Reply-To"] == "<a@b>"
    ids = second.extra_headers["References"].split()
    assert ids == [receipt, first.extra_headers["Message-ID"], "<a@b>"]


def test_answers_go_to_the_mailbox_that_the_portal_reads(officer, settings):
    settings.INBOUND_EMAIL = "answers@example.org"
    assert sent_mail(screened(), officer).reply_to == ["answers@example.org"]
