"""The inquirer's own page: where the inquiry stands, for whoever knows the secret only."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from inquiries import clocks, pipeline, status_page
from inquiries.events import note_event
from inquiries.models import AskedPoint, Inquiry, InquiryEvent, Reply
from inquiries.services import InquiryContext, add_note
from inquiries.status_forms import LookupForm
from tests.factories import ParkFactory
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.reading import LANGUAGES, queries, soup, text
from tests.staff.people import superuser

pytestmark = pytest.mark.django_db

STATUS = "/en/inquiry/status/"


def own(inquiry: Inquiry) -> str:
    return f"{STATUS}?r={inquiry.secret}"


def lookup(reference: str, code: str) -> dict[str, str]:
    token = LookupForm.new_token(at=time.time() - 60)
    return {"reference": reference, "code": code, "website": "", "guard_token": token}


# --- what it says


def test_it_says_stage_next_step_day_and_who_answers(client):
    cluster_desk(phone="0086-758-7654321")
    inquiry = stored_inquiry(message="Two lines\nof text")
    page = text(client.get(own(inquiry)))

    assert inquiry.reference in page
    assert "We have your inquiry" in page
    assert "An officer reads it and answers you." in page
    assert "Wednesday, 25 November 2026" in page
    assert "0086-758-7654321" in page
    assert "Your message arrived" in page
    assert "Two lines of text" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_can_be_read_in_every_language(client, language):
    inquiry = stored_inquiry()
    response = client.get(f"/{language}/inquiry/status/", {"r": inquiry.secret})
    assert response.status_code == 200
    assert inquiry.reference in text(response)


def test_every_stage_has_words():
    for status in Inquiry.Status:
        for kind in Inquiry.Kind:
            stage = status_page.stage_of(Inquiry(kind=kind, status=status))
            assert stage.title
            assert stage.next


def test_quarantine_looks_like_a_new_inquiry(client):
    inquiry = stored_inquiry()
    before = text(client.get(own(inquiry)))
    Inquiry.objects.update(status="spam", quarantine_reason="blocked")
    assert text(client.get(own(inquiry))) == before


def test_what_colleagues_note_is_not_there(client):
    inquiry = stored_inquiry()
    add_note(inquiry, "Sounds like a broker", superuser())
    Inquiry.objects.update(next_action="Ask the police first", next_action_due=timezone.now())
    note_event(inquiry, InquiryEvent.Kind.STATUS, text="closed")
    page = text(client.get(own(inquiry)))
    assert "broker" not in page
    assert "police" not in page
    assert "closed" not in page


def test_public_events_replies_and_promises_are_there(client):
    inquiry = stored_inquiry()
    now = timezone.now()
    note_event(inquiry, InquiryEvent.Kind.STATUS, text="dialogue", is_public=True)
    Reply.objects.create(
        inquiry=inquiry, language="en", subject="Land at Lingang", text="Yes.", sent_at=now
    )
    Reply.objects.create(inquiry=inquiry, language="en", subject="Draft", text="Unfinished")
    AskedPoint.objects.create(inquiry=inquiry, text="What of water?", promised_for="2026-12-01")
    AskedPoint.objects.create(inquiry=inquiry, text="Answered long ago", answered_at=now)
    page = text(client.get(own(inquiry)))
    assert "We are in contact with you" in page
    assert "Land at Lingang" in page
    assert "Unfinished" not in page
    assert "What of water?" in page
    assert "Answered long ago" not in page


def test_a_talk_and_a_follow_up_are_there_without_what_was_noted(client):
    inquiry = stored_inquiry()
    clocks.talked(inquiry, "Haggles about the price", superuser())
    clocks.followed_up(inquiry, "Still haggles", None)
    page = text(client.get(own(inquiry)))
    assert "We spoke with you" in page
    assert "We got in touch with you again" in page
    assert "aggles" not in page


@pytest.mark.parametrize(
    ("subject", "words"),
    [("invest", "We have answered you"), ("citizen", "An officer is working on it")],
)
def test_who_was_answered_is_not_told_to_wait_for_it(client, subject, words):
    inquiry = stored_inquiry(subject=subject)
    assert "An officer reads it and answers you." in text(client.get(own(inquiry)))
    clocks.talked(inquiry, "Called", superuser())
    inquiry.refresh_from_db()
    assert inquiry.status == "new"
    page = text(client.get(own(inquiry)))
    assert words in page
    assert "An officer reads it" not in page


def test_what_was_promised_comes_next(client):
    inquiry = stored_inquiry()
    clocks.talked(inquiry, "Called", superuser())
    for day in ("2026-12-04", "2026-12-01"):
        AskedPoint.objects.create(inquiry=inquiry, text="What of water?", promised_for=day)
    key = " ".join(soup(client.get(own(inquiry))).find("dl", "receipt__key").get_text().split())
    assert "We answer what is still open. Tuesday, 1 December 2026" in key


def test_each_stage_stands_in_the_timeline_but_quarantine(client):
    inquiry = stored_inquiry(subject="citizen")
    pipeline.change_stage(inquiry, Inquiry.Status.OPEN, None)
    assert text(client.get(own(inquiry))).count("An officer is working on it") == 2
    before = len(soup(client.get(own(inquiry))).select(".timeline__item"))
    pipeline.change_stage(inquiry, Inquiry.Status.SPAM, None)
    assert len(soup(client.get(own(inquiry))).select(".timeline__item")) == before


def test_a_late_answer_is_admitted(client, clock):
    inquiry = stored_inquiry()
    assert "We are sorry" not in text(client.get(own(inquiry)))
    clock.shift(timedelta(days=3))
    assert "We are sorry" in text(client.get(own(inquiry)))


def test_a_pause_says_who_is_waited_for(client):
    inquiry = stored_inquiry()
    Inquiry.objects.update(paused_at=timezone.now(), pause_reason="inquirer")
    assert "waiting for an answer of yours" in text(client.get(own(inquiry)))


# --- who gets in


def test_nobody_keeps_it_finds_it_or_passes_its_address_on(client):
    response = client.get(own(stored_inquiry()))
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert soup(response).find("meta", {"name": "robots"})["content"] == "noindex, nofollow"
    assert soup(response).find("link", rel="canonical") is None


@pytest.mark.parametrize("guess", ["x", "a" * 32, "x" * 5000, "𠀀", "' or 1=1"])
def test_a_guess_finds_the_way_in(client, guess):
    stored_inquiry()
    response = client.get(STATUS, {"r": guess})
    assert response.status_code == 404
    assert "There is nothing at this address" in text(response)
    assert soup(response).find("input", {"name": "reference"})


def test_an_erased_inquiry_is_gone(client):
    inquiry = stored_inquiry()
    Inquiry.objects.update(erased_at=timezone.now())
    assert client.get(own(inquiry)).status_code == 404
    assert client.get(inquiry.get_absolute_url()).status_code == 404
    response = client.post(STATUS, lookup(inquiry.reference, inquiry.secret))
    assert response.status_code == 422


def test_reference_and_code_lead_to_it(client):
    inquiry = stored_inquiry()
    response = client.post(STATUS, lookup(inquiry.reference.lower(), f" {inquiry.secret} "))
    assert response.status_code == 303
    assert response["Location"] == own(inquiry)


def test_a_wrong_code_and_an_unknown_reference_get_the_same_answer(client):
    inquiry = stored_inquiry()
    other = stored_inquiry(message="Another one")
    wrong = client.post(STATUS, lookup(inquiry.reference, other.secret))
    unknown = client.post(STATUS, lookup("INQ-2026-AAAAAA", inquiry.secret))
    assert wrong.status_code == unknown.status_code == 422
    summaries = [soup(page).select_one(".error-summary").get_text() for page in (wrong, unknown)]
    assert summaries[0] == summaries[1]


def test_tries_at_one_reference_come_to_an_end_wherever_they_come_from(client):
    inquiry = stored_inquiry()
    sent = lookup(inquiry.reference, "wrong")
    answers = [client.post(STATUS, sent, REMOTE_ADDR=f"198.51.100.{n}") for n in range(12)]
    assert [answer.status_code for answer in answers[:10]] == [422] * 10
    assert answers[11].status_code == 429
    assert int(answers[11]["Retry-After"]) > 0
    late = client.post(STATUS, lookup(inquiry.reference, inquiry.secret), REMOTE_ADDR="192.0.2.9")
    assert late.status_code == 429


def test_tries_of_one_network_come_to_an_end_whatever_they_try(client):
    stored_inquiry()
    for number in range(20):
        client.post(STATUS, lookup(f"INQ-2026-{number}", "wrong"))
    assert client.post(STATUS, lookup("INQ-2026-ZZZZZZ", "wrong")).status_code == 429


def test_other_methods_are_refused(client):
    assert client.put(STATUS).status_code == 405
    assert client.delete(STATUS).status_code == 405


def test_the_receipt_leads_to_it(client):
    inquiry = stored_inquiry()
    page = soup(client.get(inquiry.get_absolute_url()))
    assert page.find("a", href=status_page.status_address(inquiry))
    assert inquiry.secret in page.main.get_text()


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_few_queries(client, rows):
    cluster_desk()
    inquiry = stored_inquiry(InquiryContext(park=ParkFactory()))
    for number in range(rows):
        note_event(inquiry, InquiryEvent.Kind.CALL, is_public=True)
        AskedPoint.objects.create(
            inquiry=inquiry, text=f"Question {number}", promised_for="2026-12-01"
        )
    assert len(queries(client, own(inquiry))) <= 9
