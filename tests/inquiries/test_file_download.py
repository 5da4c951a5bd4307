"""Files of inquirers at the desk: a download and nothing else, for whoever may see the inquiry."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from inquiries.models import Inquiry, InquiryFile, Look
from tests.inquiries.samples import stored_inquiry
from tests.staff.people import member, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> InquiryFile:
    made = InquiryFile(inquiry=stored_inquiry(), name="计划 <b>.pdf", size=4, sha256="x")
    made.file.save("", ContentFile(b"%PDF"), save=False)
    made.save()
    return made


def address(row: InquiryFile) -> str:
    return reverse("admin:inquiries_file", args=[row.inquiry_id, row.pk])


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_it_is_saved_and_never_shown(row):
    response = logged_in(superuser()).get(address(row))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == b"%PDF"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_the_look_is_noted(row):
    user = superuser()
    logged_in(user).get(address(row))
    look = Look.objects.get()
    assert (look.inquiry_id, look.user, look.kind) == (row.inquiry_id, user, Look.Kind.FILE)


def test_who_may_not_see_inquiries_gets_nothing(row):
    assert logged_in(member()).get(address(row)).status_code == 403
    assert Client().get(address(row)).status_code == 302
    assert not Look.objects.exists()


def test_a_file_of_a_confidential_inquiry_is_for_its_people_only(row):
    Inquiry.objects.update(is_confidential=True, code_name="Blue")
    reader = member("Inquiry officer")
    assert logged_in(reader).get(address(row)).status_code == 404
    assert logged_in(superuser()).get(address(row)).status_code == 200


def test_an_infected_file_is_not_handed_out(row):
    InquiryFile.objects.update(scan=InquiryFile.Scan.INFECTED)
    assert logged_in(superuser()).get(address(row)).status_code == 403


def test_a_file_of_another_inquiry_or_none_is_not_found(row):
    client = logged_in(superuser())
    other = stored_inquiry(message="Another")
    assert client.get(f"/admin/inquiries/inquiry/{other.pk}/files/{row.pk}/").status_code == 404
    assert client.get(address(row).replace(f"/{row.pk}/", "/999/", 1)).status_code == 404


def test_a_file_that_is_gone_from_the_disk_is_not_found(row):
    row.file.storage.delete(row.file.name)
    assert logged_in(superuser()).get(address(row)).status_code == 404


def test_it_is_read_only(row):
    assert logged_in(superuser()).post(address(row)).status_code == 405
