"""During maintenance everything can be read, nothing is written, and nobody loses a word."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client

from core import read_only
from core.log_context import current_task
from core.models import Contact, SiteSettings
from core.read_only import ReadOnlyMode, is_reading, refuse_writes
from inquiries.models import Inquiry
from tests.factories import ParkFactory
from tests.inquiries.samples import FORM, answers, cluster_desk
from tests.reading import LANGUAGES, soup, text
from tests.staff.people import superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def maintenance(settings):
    """Call it when everything is there: from then on nothing changes."""
    with connection.execute_wrapper(refuse_writes):
        yield lambda: setattr(settings, "READ_ONLY", True)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        " (SELECT 1) UNION (SELECT 2)",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "SAVEPOINT s1",
        "ROLLBACK TO SAVEPOINT s1",
        "BEGIN IMMEDIATE",
        "PRAGMA table_info(x)",
        "explain select 1",
    ],
)
def test_reading_is_known(sql):
    assert is_reading(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO a VALUES (1)",
        "update a set b = 1",
        "DELETE FROM a",
        "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone",
        "CREATE TABLE a (b int)",
        "DROP TABLE a",
        "TRUNCATE a",
        "REPLACE INTO a VALUES (1)",
        "VACUUM",
        "SELECTION",
        "",
    ],
)
def test_everything_else_is_writing(sql):
    assert not is_reading(sql)


def test_writes_of_every_kind_are_refused(maintenance):
    contact = Contact.objects.create(key="desk", organisation="Bureau", phone="1")
    maintenance()
    assert Contact.objects.get().organisation == "Bureau"
    for write in (
        lambda: Contact.objects.create(key="other", organisation="Other", phone="1"),
        lambda: Contact.objects.update(organisation="Other", phone="1"),
        contact.delete,
        lambda: Contact.objects.bulk_create(
            [Contact(key="other", organisation="Other", phone="1")]
        ),
        lambda: connection.cursor().execute("DELETE FROM core_contact"),
        lambda: connection.cursor().executemany("DELETE FROM core_contact WHERE id = %s", [[1]]),
    ):
        with pytest.raises(ReadOnlyMode), transaction.atomic():
            write()
    assert Contact.objects.count() == 1


def test_a_task_that_has_begun_may_end(maintenance):
    maintenance()
    token = current_task.set("one")
    try:
        Contact.objects.create(key="desk", organisation="Bureau", phone="1")
    finally:
        current_task.reset(token)
    assert Contact.objects.exists()


def test_the_file_switches_all_processes_of_a_machine(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert not read_only.is_on()
    read_only.switch().touch()
    assert read_only.is_on()


def test_each_connection_is_guarded_once():
    opened = SimpleNamespace(execute_wrappers=[])
    read_only._guard(opened)
    read_only._guard(opened)  # a connection that was lost and made anew
    assert opened.execute_wrappers == [refuse_writes]


def test_pages_are_read_as_ever(client, maintenance):
    cluster_desk()
    ParkFactory(slug="lingang")
    maintenance()
    for path in ("/en/", "/en/parks/lingang/", "/en/search/?q=park", FORM):
        assert client.get(path).status_code == 200, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_comes_back_with_everything_that_was_typed(client, maintenance, language):
    cluster_desk(phone="0086-758-7654321")
    sent = answers(message="What I wrote")
    maintenance()
    response = client.post(f"/{language}/inquiry/", sent)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    field = soup(response).find("textarea", id="id_message")
    assert field.get_text().strip() == "What I wrote"
    assert "0086-758-7654321" in text(response)
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_writes_without_a_form_gets_the_page_of_maintenance(
    maintenance, monkeypatch, language
):
    cluster_desk()
    SiteSettings.current()
    maintenance()
    monkeypatch.setattr(
        "inquiries.views.find_context", lambda data: Contact.objects.update(organisation="X")
    )
    response = Client(raise_request_exception=False).get(f"/{language}/inquiry/")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    words = {"en": "doing maintenance", "zh-hans": "正在维护", "zh-hant": "正在維護"}
    assert words[language] in text(response)


def test_the_desk_is_read_with_a_banner_and_refuses_changes(client, maintenance, time_machine):
    time_machine.move_to("2026-11-24T02:00:00+00:00", tick=False)
    park = ParkFactory(slug="lingang")
    client.force_login(superuser())
    assert client.get("/admin/parks/park/").status_code == 200
    assert "Maintenance:" not in text(client.get("/admin/"))
    maintenance()
    # Two minutes later "last seen" would be written with any page.
    time_machine.move_to("2026-11-24T02:02:00+00:00", tick=False)
    for path in ("/admin/", "/admin/parks/park/", f"/admin/parks/park/{park.pk}/change/"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert "Maintenance:" in text(response)
    client.raise_request_exception = False
    response = client.post(f"/admin/parks/park/{park.pk}/delete/", {"post": "yes"})
    assert response.status_code == 503
    assert "doing maintenance" in text(response)
    park.refresh_from_db()


def test_logging_in_waits_until_maintenance_is_over(maintenance):
    person = superuser()
    person.set_password("correct-horse-battery")
    person.save()
    maintenance()
    response = Client(raise_request_exception=False).post(
        "/accounts/login/", {"login": person.username, "password": "correct-horse-battery"}
    )
    assert response.status_code == 503
    assert "doing maintenance" in text(response)
