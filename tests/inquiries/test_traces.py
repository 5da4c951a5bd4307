"""Personal data leaves no trace outside its tables: not in logs, caches, search or addresses."""

import logging

import pytest
from django.core.cache import cache
from django.urls import reverse

from inquiries.models import Inquiry, Look
from publishing.search_models import SearchEntry
from tests.inquiries.samples import FORM, answers, cluster_desk
from tests.staff.people import superuser

pytestmark = pytest.mark.django_db

EMAIL = "zebulon@quackenbush.example"
NAME = "Zebulon Quackenbush"
PERSONAL = ("zebulon", "quackenbush", "xylophone")


@pytest.fixture
def sent(client, caplog, django_capture_on_commit_callbacks):
    """The answer to a sent form, with every line that was logged meanwhile."""
    caplog.set_level(logging.DEBUG)
    cluster_desk()
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            FORM, answers(name=NAME, email=EMAIL, message="Xylophone works seek land.")
        )
    assert response.status_code == 303
    return response


def found(text: str) -> list[str]:
    return [word for word in PERSONAL if word in text.lower()]


def portal_lines(caplog) -> str:
    """Everything that can reach a log of the portal; queries are never logged there."""
    records = [item for item in caplog.records if not item.name.startswith("django.db.backends")]
    return "\n".join(f"{item.getMessage()} {item.__dict__}" for item in records)


def test_logs_hold_nothing_of_a_sent_form(sent, caplog):
    assert found(portal_lines(caplog)) == []


def test_logs_hold_nothing_of_a_refused_form(client, caplog):
    caplog.set_level(logging.DEBUG)
    client.post(FORM, answers(name=NAME, email=EMAIL, message=""))
    client.post(FORM, answers(name=NAME, email=f"{EMAIL}@", website="spam"))
    assert found(portal_lines(caplog)) == []


def test_logs_hold_nothing_when_a_mail_cannot_be_sent(client, caplog, settings, monkeypatch):
    def refuse(*args, **kwargs):
        raise OSError(f"cannot write to {EMAIL}")

    monkeypatch.setattr("inquiries.mail.EmailMessage.send", refuse)
    caplog.set_level(logging.DEBUG)
    cluster_desk()
    client.post(FORM, answers(name=NAME, email=EMAIL, message="Xylophone works seek land."))
    assert Inquiry.objects.get().mails.exists()
    assert found(portal_lines(caplog)) == []


def test_addresses_caches_and_search_hold_nothing(sent):
    assert found(sent["Location"]) == []
    assert found(str(getattr(cache, "_cache", ""))) == []
    assert found(str(list(SearchEntry.objects.values()))) == []


def test_the_log_lines_of_the_desk_hold_nothing_and_the_look_is_noted(sent, client, caplog):
    client.force_login(superuser())
    inquiry = Inquiry.objects.get()
    caplog.clear()
    client.get(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]))
    assert Look.objects.get().inquiry == inquiry
    assert found(portal_lines(caplog).replace(str(inquiry.__dict__), "")) == []
