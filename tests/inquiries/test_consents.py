"""What may be agreed to beside the answer, and for whom somebody writes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from inquiries import consent
from inquiries.models import Consent, Inquiry
from tests.inquiries.samples import FORM, answers, stored_inquiry
from tests.reading import LANGUAGES, soup
from tests.staff.people import superuser

pytestmark = pytest.mark.django_db


def test_news_are_agreed_to_with_version_language_and_time(client):
    client.post("/zh-hans/inquiry/", answers(news="on"))
    inquiry = Inquiry.objects.get()
    given = Consent.objects.get()
    assert (given.inquiry, given.purpose, given.language) == (inquiry, "news", "zh-hans")
    assert given.version == consent.NEWS_CURRENT
    assert given.given_at == inquiry.created_at
    assert given.withdrawn_at is None


def test_nobody_agrees_to_news_by_doing_nothing(client):
    box = soup(client.get(FORM)).find("input", {"name": "news"})
    assert box["type"] == "checkbox"
    assert not box.has_attr("checked")
    client.post(FORM, answers())
    assert not Consent.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_are_agreed_to_stand_beside_the_box(client, language):
    page = client.get(f"/{language}/inquiry/").content.decode()
    assert consent.purpose_text(consent.NEWS_CURRENT, language) in page


def test_every_version_of_a_purpose_has_every_language():
    for version, texts in consent.PURPOSE_TEXTS.items():
        assert set(texts) == set(LANGUAGES), version
        assert len(version) <= 20


@pytest.mark.parametrize(
    ("subject", "for_client", "kind"),
    [
        ("invest", "on", "selector"),
        ("land", "on", "selector"),
        ("invest", None, "investor"),
        ("press", "on", "press"),
        ("citizen", None, "citizen"),
    ],
)
def test_the_kind_follows_from_subject_and_client(client, subject, for_client, kind):
    client.post(FORM, answers(subject=subject, for_client=for_client))
    assert Inquiry.objects.get().kind == kind


def test_the_desk_sees_what_else_was_agreed_to_and_not_what_was_taken_back(client):
    inquiry = stored_inquiry()
    Consent.objects.create(inquiry=inquiry, purpose="news", version="x", language="en")
    Inquiry.objects.update(rating=4, rating_text="Quick and clear.")
    client.force_login(superuser())
    address = reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])
    words = "Telling about new land, policies and events"
    shown = client.get(address).content.decode()
    assert words in shown
    assert "Quick and clear." in shown
    Consent.objects.update(withdrawn_at=timezone.now())
    assert words not in client.get(address).content.decode()
