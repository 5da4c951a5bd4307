"""A database that is away costs a visitor a minute, never his words."""

import pytest
from django.db import IntegrityError, InterfaceError, InternalError, OperationalError
from django.test import Client

from core import known_contact, outage, rate_limit
from core.known_contact import KnownContact
from core.models import SiteSettings
from inquiries import services, views
from inquiries.models import Inquiry
from tests.inquiries.samples import FORM, answers, cluster_desk
from tests.reading import LANGUAGES, soup, text

pytestmark = pytest.mark.django_db

AWAY = [OperationalError, InterfaceError, InternalError]


@pytest.fixture(autouse=True)
def no_contact_yet(monkeypatch, settings, tmp_path):
    """A process that knows nobody."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(known_contact, "_last", [KnownContact()])


def fails_with(error: type[Exception]):
    def fail(*arguments, **options):
        raise error("could not connect to server at 10.0.0.5")

    return fail


@pytest.mark.parametrize("error", AWAY)
def test_what_cannot_be_stored_comes_back_in_the_form(client, monkeypatch, error):
    cluster_desk(phone="0086-758-7654321", email="desk@example.org")
    monkeypatch.setattr(views, "submit_inquiry", fails_with(error))
    response = client.post(FORM, answers(message="What I wrote"))
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert soup(response).find("textarea", id="id_message").get_text().strip() == "What I wrote"
    assert "This was not stored" in text(response)
    assert "0086-758-7654321" in text(response)
    assert "10.0.0.5" not in text(response)
    assert not Inquiry.objects.exists()


def test_it_can_be_sent_again_as_it_came_back(client, monkeypatch):
    cluster_desk()
    sent = answers()
    with monkeypatch.context() as broken:
        broken.setattr(services, "_store", fails_with(OperationalError))
        assert client.post(FORM, sent).status_code == 503
    assert client.post(FORM, sent).status_code == 303
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_any_database_the_words_stand_on_a_page_of_its_own(monkeypatch, language):
    monkeypatch.setattr(views, "find_context", fails_with(OperationalError))
    monkeypatch.setattr(SiteSettings, "current", fails_with(OperationalError))
    known_contact.remember(KnownContact("0086-758-1", "+867581", "a@b.example"))
    response = Client(raise_request_exception=False).post(
        f"/{language}/inquiry/", answers(message="<b>What</b> I wrote")
    )
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    page = soup(response)
    assert "<b>What</b> I wrote" in page.textarea.get_text()
    assert not page.textarea.find("b")
    assert page.find("a", href="tel:+867581")
    assert page.find("a", href="mailto:a@b.example")
    assert answers()["guard_token"][:10] not in page.textarea.get_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_process_that_never_saw_the_database_knows_whom_to_call(
    monkeypatch, language, django_assert_num_queries
):
    known_contact.remember(KnownContact("0086-758-1", "+867581", "a@b.example"))
    monkeypatch.setattr(known_contact, "_last", [KnownContact()])  # as after a restart
    monkeypatch.setattr(views, "find_context", fails_with(OperationalError))
    with django_assert_num_queries(0):
        response = Client(raise_request_exception=False).get(f"/{language}/inquiry/")
    assert response.status_code == 503
    page = soup(response)
    assert page.find("a", href="tel:+867581")
    assert page.html["lang"].lower() == language


def test_the_contact_is_the_one_that_was_read_last(client):
    cluster_desk(phone="0086-758-7654321")
    assert known_contact.known_contact() == KnownContact()
    SiteSettings.current()
    assert known_contact.known_contact().dial == "+867587654321"


def test_a_disk_that_takes_nothing_leaves_the_contact_in_memory(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "gone"
    known_contact.remember(KnownContact("0086-758-1"))
    assert known_contact.known_contact().phone == "0086-758-1"


def test_a_broken_note_of_the_contact_breaks_no_page(settings):
    (settings.DATA_DIR / "contact.json").write_text('{"fax": 1}')
    assert known_contact.known_contact() == KnownContact()


def test_a_page_that_is_only_read_says_nothing_of_typed_words(monkeypatch):
    monkeypatch.setattr(views, "find_context", fails_with(OperationalError))
    response = Client(raise_request_exception=False).get(FORM)
    assert response.status_code == 503
    assert soup(response).textarea is None


def test_what_is_typed_at_the_desk_never_comes_back(rf):
    request = rf.post("/accounts/login/", {"login": "admin", "password": "secret-words"})
    assert outage.typed_text(request) == ""


def test_a_fault_in_the_code_stays_a_fault(monkeypatch):
    monkeypatch.setattr(views, "find_context", fails_with(IntegrityError))
    assert Client(raise_request_exception=False).get(FORM).status_code == 500


def test_a_database_that_cannot_count_is_not_asked_to_store(client, monkeypatch):
    cluster_desk()
    monkeypatch.setattr(rate_limit, "_upsert", fails_with(OperationalError))
    monkeypatch.setattr(views, "submit_inquiry", None)  # would fail otherwise
    response = client.post(FORM, answers())
    assert response.status_code == 503
    assert "This was not stored" in text(response)
