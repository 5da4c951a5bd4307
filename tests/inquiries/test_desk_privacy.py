"""The page of personal data at the desk: who sees it, who hands out, who erases."""

import hashlib
import io
import zipfile

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inquiries.additions import request_data
from inquiries.models import DataRequest, Inquiry, Look
from inquiries.privacy import erase, note_look
from tests.inquiries.samples import stored_inquiry
from tests.inquiries.test_privacy import EMAIL, NAME, full_inquiry
from tests.staff.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_root(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path


def somebody(*codenames: str, username: str = "care"):
    """A member of staff with just these permissions of the app."""
    user = member(username=username)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="inquiries", codename__in=codenames)
    )
    return user


@pytest.fixture
def eraser(client):
    user = somebody("view_inquiry", "oversee_inquiry", "erase_inquiry")
    client.force_login(user)
    return user


def address(inquiry: Inquiry, what: str = "") -> str:
    return reverse(f"admin:inquiries_privacy{what}", args=[inquiry.pk])


def test_the_page_says_who_agreed_to_what_and_who_looked(client, eraser):
    inquiry = full_inquiry()
    looker = somebody(username="curious")
    note_look([inquiry], looker)
    page = client.get(address(inquiry)).content.decode()
    for words in ("Telling about new land", "2026-11", "curious", "Opened", "Erase the personal"):
        assert words in page
    assert EMAIL not in page
    assert NAME not in page


def test_who_may_only_read_gets_no_buttons(client):
    client.force_login(somebody("view_inquiry"))
    inquiry = stored_inquiry()
    page = client.get(address(inquiry)).content.decode()
    assert "Erase the personal" not in page
    assert "Download the copy" not in page


@pytest.mark.parametrize("what", ["_copy", "_erase"])
def test_who_may_not_hand_out_or_erase_is_refused(client, what):
    client.force_login(somebody("view_inquiry", "change_inquiry"))
    inquiry = stored_inquiry()
    assert client.post(address(inquiry, what), {"reference": inquiry.reference}).status_code == 403
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize("what", ["", "_copy", "_erase"])
def test_strangers_are_sent_to_the_login(client, what):
    inquiry = stored_inquiry()
    assert client.get(address(inquiry, what)).status_code == 302


@pytest.mark.parametrize("what", ["", "_copy", "_erase"])
def test_what_is_confidential_is_not_found(client, what):
    inquiry = full_inquiry()
    client.force_login(somebody("view_inquiry", "erase_inquiry"))
    send = client.post if what else client.get
    assert send(address(inquiry, what)).status_code == 404


@pytest.mark.parametrize("what", ["_copy", "_erase"])
def test_nothing_happens_by_a_link(client, eraser, what):
    assert client.get(address(stored_inquiry(), what)).status_code == 405


def test_the_copy_is_a_zip_with_data_document_and_files_and_is_noted(client, eraser):
    inquiry = full_inquiry()
    response = client.post(address(inquiry, "_copy"))
    assert response["Content-Disposition"] == f'attachment; filename="{inquiry.reference}.zip"'
    names = zipfile.ZipFile(io.BytesIO(response.content)).namelist()
    assert names == [
        f"{inquiry.reference}.json",
        f"{inquiry.reference}.pdf",
        f"files/1-{NAME}.pdf",
    ]
    request = DataRequest.objects.get()
    assert request.digest == hashlib.sha256(response.content).hexdigest()
    assert (request.kind, request.done_by) == ("export", eraser)
    assert Look.objects.get().kind == Look.Kind.EXPORT
    assert inquiry.events.filter(kind="exported").count() == 1


def test_erasing_needs_the_reference(client, eraser):
    inquiry = full_inquiry()
    response = client.post(address(inquiry, "_erase"), {"reference": "INQ-2026-WRONG2"})
    assert response.status_code == 422
    assert "not the reference" in response.content.decode()
    inquiry.refresh_from_db()
    assert inquiry.erased_at is None


def test_with_the_reference_it_is_erased(client, eraser):
    inquiry = full_inquiry()
    typed = f" {inquiry.reference.lower()} "
    response = client.post(address(inquiry, "_erase"), {"reference": typed}, follow=True)
    assert "is erased" in response.content.decode()
    assert "Erased on" in response.content.decode()
    inquiry.refresh_from_db()
    assert inquiry.name == ""
    assert DataRequest.objects.get().done_by == eraser


def test_the_page_of_an_erased_inquiry_shows_the_proof(client, eraser):
    inquiry = full_inquiry()
    erase(inquiry)
    page = client.get(address(inquiry)).content.decode()
    assert "Erasure" in page
    assert "replies 1" in page


def test_other_inquiries_of_the_sender_are_named(client, eraser):
    first, second = stored_inquiry(), stored_inquiry(message="Once more.")
    assert second.reference in client.get(address(first)).content.decode()


def test_the_page_costs_the_same_for_one_look_and_many(client, eraser):
    inquiry = stored_inquiry()
    note_look([inquiry], eraser)
    client.get(address(inquiry))

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address(inquiry))
        return len(captured)

    before = queries()
    for number in range(3):
        note_look([inquiry], somebody(username=f"looker-{number}"))
    assert queries() == before


def test_proofs_can_be_read_and_not_changed(client):
    client.force_login(somebody("view_datarequest", "change_datarequest", "delete_datarequest"))
    proof = erase(stored_inquiry())
    page = client.get(reverse("admin:inquiries_datarequest_changelist")).content.decode()
    assert proof.reference in page
    change = reverse("admin:inquiries_datarequest_change", args=[proof.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {}).status_code == 403
    delete = reverse("admin:inquiries_datarequest_delete", args=[proof.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403


def test_what_the_inquirer_asked_for_waits_until_it_is_done(client, eraser):
    inquiry = full_inquiry()
    asked = [request_data(inquiry, kind, "x") for kind in ("export", "erasure")]
    assert client.get(address(inquiry)).content.decode().count("waiting since") == 2
    client.post(address(inquiry, "_copy"))
    assert [item.done_at is None for item in requests(asked)] == [False, True]
    client.post(address(inquiry, "_erase"), {"reference": inquiry.reference})
    assert [(item.done_by, item.is_by_inquirer) for item in requests(asked)] == [(eraser, True)] * 2
    assert DataRequest.objects.count() == 2


def requests(asked: list[DataRequest]) -> list[DataRequest]:
    return [DataRequest.objects.get(pk=item.pk) for item in asked]


def test_what_waits_leads_from_the_list_to_where_it_is_done(client):
    user = somebody("view_datarequest", "view_inquiry")
    client.force_login(user)
    inquiry = stored_inquiry()
    request_data(inquiry, DataRequest.Kind.EXPORT, "x")
    changelist = reverse("admin:inquiries_datarequest_changelist")
    assert address(inquiry) in client.get(changelist).content.decode()
    assert client.get(changelist, {"done_at__isempty": "1"}).status_code == 200


def test_a_request_about_a_confidential_inquiry_of_others_is_not_listed(client):
    inquiry = stored_inquiry()
    Inquiry.objects.filter(pk=inquiry.pk).update(is_confidential=True, code_name="Falcon")
    DataRequest.objects.create(kind="export", inquiry=inquiry, reference=inquiry.reference)
    address = "/admin/inquiries/datarequest/"
    client.force_login(member("Inquiry officer"))
    assert inquiry.reference not in client.get(address).content.decode()
    client.force_login(member("Chief of inquiries"))
    assert inquiry.reference in client.get(address).content.decode()
