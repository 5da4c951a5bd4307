"""Pictures and documents at the editors' desk."""

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from library.models import Document, Image
from library.services import store_image
from tests.library.samples import new_image, pdf_bytes, picture_bytes

pytestmark = pytest.mark.django_db

FIELDS = {
    "title": "Crags",
    "alt_en": "Crags above a lake",
    "alt_zh_hans": "",
    "alt_zh_hant": "",
    "credit": "",
    "licence": "own",
    "source_url": "",
    "focal_x": "50",
    "focal_y": "50",
}


@pytest.fixture
def desk(client):
    client.force_login(get_user_model().objects.create_superuser("chief", "chief@example.org", "x"))
    return client


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_editor_adds_a_picture(desk):
    data = {**FIELDS, "file": upload(picture_bytes(600, 300).read())}
    response = desk.post(reverse("admin:library_image_add"), data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    image = Image.objects.get()
    assert (image.width, image.renditions.count()) == (600, 4)


def test_the_form_says_why_a_picture_is_refused(desk):
    data = {**FIELDS, "file": upload(b"<svg/>", "drawing.svg")}
    response = desk.post(reverse("admin:library_image_add"), data)
    assert response.status_code == 200
    assert "Save the drawing as PNG" in response.content.decode()
    assert not Image.objects.exists()


def test_the_form_asks_for_a_description(desk):
    data = {**FIELDS, "alt_en": "", "file": upload(picture_bytes().read())}
    response = desk.post(reverse("admin:library_image_add"), data)
    assert response.status_code == 200
    assert "mark it as decoration only" in response.content.decode()
    assert not Image.objects.exists()


def test_changing_words_keeps_the_file(desk):
    image = store_image(new_image(), picture_bytes())
    response = desk.post(
        reverse("admin:library_image_change", args=[image.pk]), {**FIELDS, "alt_zh_hans": "峭壁"}
    )
    assert response.status_code == 302
    name = image.file.name
    image.refresh_from_db()
    assert (image.file.name, image.alt_zh_hans) == (name, "峭壁")


def test_a_picture_is_replaced_in_place(desk, stored_files, django_capture_on_commit_callbacks):
    image = store_image(new_image(), picture_bytes())
    data = {**FIELDS, "file": upload(picture_bytes(60, 60, "red").read())}
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("admin:library_image_change", args=[image.pk]), data)
    image.refresh_from_db()
    assert image.width == 60
    assert len(stored_files()) == 3


def test_form_and_list_show_the_picture(desk):
    image = store_image(new_image(), picture_bytes(500, 250))
    form = desk.get(reverse("admin:library_image_change", args=[image.pk])).content.decode()
    assert 'height="240"' in form
    found = desk.get(reverse("admin:library_image_changelist"), {"q": "lake"}).content.decode()
    assert 'width="96" height="48"' in found
    missing = desk.get(reverse("admin:library_image_changelist"), {"described": "complete"})
    assert "Crags" not in missing.content.decode().partition('id="result_list"')[2]


def queries_of_the_list(desk, django_assert_max_num_queries):
    with django_assert_max_num_queries(20) as captured:
        desk.get(reverse("admin:library_image_changelist"))
    return len(captured)


def test_the_list_costs_the_same_with_one_picture_and_with_three(
    desk, django_assert_max_num_queries
):
    store_image(new_image(), picture_bytes())
    desk.get(reverse("admin:library_image_changelist"))  # content types get cached
    one = queries_of_the_list(desk, django_assert_max_num_queries)
    for _number in range(2):
        store_image(new_image(), picture_bytes())
    assert queries_of_the_list(desk, django_assert_max_num_queries) == one


def test_an_editor_adds_a_document(desk):
    data = {
        "title_en": "Master plan",
        "title_zh_hans": "",
        "title_zh_hant": "",
        "language": "en",
        "source_url": "",
        "file": upload(pdf_bytes().read(), "plan.pdf"),
    }
    response = desk.post(reverse("admin:library_document_add"), data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert Document.objects.get().size > 0
    listed = desk.get(reverse("admin:library_document_changelist"))
    assert "Master plan" in listed.content.decode()


def test_a_document_that_is_no_pdf_is_refused(desk):
    data = {"title_en": "Plan", "file": upload(b"<html>", "plan.pdf")}
    response = desk.post(reverse("admin:library_document_add"), data)
    assert response.status_code == 200
    assert "This is not a PDF" in response.content.decode()
    assert not Document.objects.exists()
