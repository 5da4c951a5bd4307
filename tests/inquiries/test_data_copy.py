"""Whoever asks gets everything held about them, as data and as a document."""

import json

import pytest

from inquiries.data_copy import export_data
from inquiries.events import note_event
from inquiries.models import Inquiry, InquiryEvent
from tests.inquiries.samples import stored_inquiry
from tests.inquiries.test_privacy import MESSAGE, NAME, full_inquiry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def test_the_copy_holds_everything_of_the_person():
    inquiry = full_inquiry()
    data = json.loads(export_data(inquiry)[0])
    assert data["reference"] == inquiry.reference
    assert data["inquiry"]["name"] == NAME
    assert data["inquiry"]["message"] == MESSAGE
    assert data["inquiry"]["country"] == "GB"
    assert "By sending this form" in data["inquiry"]["consent_text"]
    assert [event["text"] for event in data["events"] if event["kind"] == "note"] == [
        f"{NAME} called"
    ]
    assert [reply["text"] for reply in data["replies"]] == [f"Dear {NAME}"]
    assert data["inbound_mails"][0]["text"] == MESSAGE
    assert data["files"][0]["name"] == f"{NAME}.pdf"
    assert data["consents"][0]["purpose"] == "news"
    assert {mail["recipient"] for mail in data["mails"]} >= {inquiry.email}


def test_the_copy_holds_no_key_of_the_portal():
    inquiry = full_inquiry()
    text = export_data(inquiry)[0].decode()
    assert inquiry.secret not in text
    assert inquiry.submission_key not in text


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_document_can_be_made_in_each_language(language):
    inquiry = stored_inquiry(
        language=language, name="林志明", message="需要约15亩工业用地。<b>\n" + "x" * 400
    )
    document = export_data(inquiry)[1]
    assert document.startswith(b"%PDF-")
    assert b"STSong-Light" in document


def test_an_erased_inquiry_has_a_copy_without_words():
    inquiry = stored_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(name="", email="", message="", country="")
    inquiry.refresh_from_db()
    assert "name" not in json.loads(export_data(inquiry)[0])["inquiry"]


def test_a_copy_costs_the_same_however_much_is_held(django_assert_max_num_queries):
    inquiry = full_inquiry()
    for number in range(3):
        note_event(inquiry, InquiryEvent.Kind.NOTE, text=f"{number}")
    inquiry = Inquiry.objects.get(pk=inquiry.pk)
    with django_assert_max_num_queries(11):
        export_data(inquiry)
