"""The receipt: everything for whoever knows its address, nothing for anybody else."""

import re

import pytest

from inquiries.models import Inquiry
from inquiries.services import InquiryContext, replace_secret
from tests.factories import ParkFactory
from tests.inquiries.samples import cluster_desk, stored_inquiry
from tests.reading import LANGUAGES, queries, soup, text
from tests.staff.people import superuser

pytestmark = pytest.mark.django_db

THANKS = "/en/inquiry/thanks/"


def test_it_shows_reference_deadline_copy_and_who_answers(client):
    cluster_desk(phone="0086-758-7654321")
    park = ParkFactory(name_en="Lingang Industrial Park")
    inquiry = stored_inquiry(InquiryContext(park=park), message="Two lines\nof text")
    page = text(client.get(THANKS, {"r": inquiry.secret}))

    assert inquiry.reference in page
    assert "Wednesday, 25 November 2026" in page
    assert "Two lines of text" in page
    assert "Lingang Industrial Park" in page
    assert "Ada Lovelace" in page
    assert "0086-758-7654321" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_can_be_read_in_every_language(client, language):
    inquiry = stored_inquiry()
    response = client.get(f"/{language}/inquiry/thanks/", {"r": inquiry.secret})
    assert response.status_code == 200
    assert inquiry.reference in text(response)


def test_nobody_keeps_it_finds_it_or_passes_its_address_on(client):
    inquiry = stored_inquiry()
    response = client.get(THANKS, {"r": inquiry.secret})
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert soup(response).find("meta", {"name": "robots"})["content"] == "noindex, nofollow"
    assert soup(response).find("link", rel="canonical") is None
    assert inquiry.secret not in soup(response).head.decode()


@pytest.mark.parametrize("guess", ["", "x", "a" * 32, "%00", "x" * 5000, "𠀀", "' or 1=1"])
def test_a_guess_finds_nothing(client, guess):
    stored_inquiry()
    assert client.get(THANKS, {"r": guess}).status_code in {400, 404}


def test_the_reference_opens_nothing(client):
    inquiry = stored_inquiry()
    assert client.get(THANKS, {"r": inquiry.reference}).status_code == 404
    assert client.get(THANKS).status_code == 404


def test_a_replaced_secret_closes_the_old_address(client):
    inquiry = stored_inquiry()
    old = inquiry.secret
    replace_secret(inquiry, superuser())
    assert client.get(THANKS, {"r": old}).status_code == 404
    assert client.get(THANKS, {"r": inquiry.secret}).status_code == 200


def test_it_is_read_only(client):
    assert client.post(THANKS).status_code == 405


def test_secrets_have_192_random_bits_and_references_no_letters_alike():
    secrets = {Inquiry().secret for _number in range(50)}
    assert len(secrets) == 50
    assert all(re.fullmatch(r"[\w-]{32}", secret) for secret in secrets)


def test_it_costs_few_queries(client):
    cluster_desk()
    inquiry = stored_inquiry(InquiryContext(park=ParkFactory()))
    assert len(queries(client, f"{THANKS}?r={inquiry.secret}")) <= 8
