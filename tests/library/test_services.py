"""Storing pictures and documents, and what happens to their files."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image as Pillow

from library import services
from library.models import Document, Image, Rendition
from library.services import make_renditions, rendition_widths, store_document, store_image
from tests.library.samples import new_image, pdf_bytes, picture_bytes

pytestmark = pytest.mark.django_db


def test_a_picture_is_stored_with_its_size_and_renditions():
    image = store_image(new_image(), picture_bytes(1200, 900))
    image.refresh_from_db()
    assert (image.width, image.height) == (1200, 900)
    rows = image.renditions.values_list("format", "width", "height")
    assert sorted(rows) == [
        ("avif", 480, 360),
        ("avif", 960, 720),
        ("avif", 1200, 900),
        ("webp", 480, 360),
        ("webp", 960, 720),
        ("webp", 1200, 900),
    ]


def test_every_rendition_is_what_its_row_says():
    image = store_image(new_image(), picture_bytes(500, 250))
    for rendition in image.renditions.all():
        with Pillow.open(default_storage.open(rendition.file.name)) as picture:
            assert picture.format == rendition.format.upper()
            assert picture.size == (rendition.width, rendition.height)


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (100, [100]),
        (480, [480]),
        (481, [480, 481]),
        (960, [480, 960]),
        (1600, [480, 960, 1600]),
        (6000, [480, 960, 1600]),
    ],
)
def test_a_picture_is_never_blown_up(width, widths):
    assert rendition_widths(width) == widths


def test_a_ribbon_keeps_at_least_one_line():
    image = store_image(new_image(), picture_bytes(4000, 2))
    assert image.renditions.filter(width=480, height=1).count() == 2


def test_files_are_named_by_their_content(stored_files):
    image = store_image(new_image(), picture_bytes())
    assert image.file.name.startswith(f"images/{image.file.name[7:9]}/")
    assert len(stored_files()) == 3
    assert "Crags" not in " ".join(stored_files())


def test_the_same_picture_twice_has_two_files_so_one_can_go(
    stored_files, django_capture_on_commit_callbacks
):
    first = store_image(new_image(), picture_bytes())
    second = store_image(new_image(), picture_bytes())
    assert first.file.name != second.file.name
    with django_capture_on_commit_callbacks(execute=True):
        first.delete()
    assert second.file.name in stored_files()
    assert len(stored_files()) == 3


def test_replacing_a_picture_removes_the_old_files_after_the_commit(
    stored_files, django_capture_on_commit_callbacks
):
    image = store_image(new_image(), picture_bytes(colour="red"))
    old = stored_files()
    with django_capture_on_commit_callbacks(execute=True):
        store_image(image, picture_bytes(colour="blue"))
        assert set(old) < set(stored_files()), "nothing goes before the commit"
    assert not set(old) & set(stored_files())
    assert len(stored_files()) == 3
    assert Rendition.objects.count() == 2


def test_deleting_by_queryset_removes_all_files(stored_files, django_capture_on_commit_callbacks):
    store_image(new_image(), picture_bytes(colour="red"))
    store_image(new_image(), picture_bytes(colour="blue"))
    store_document(Document(title_en="Plan"), pdf_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        Image.objects.all().delete()
        Document.objects.all().delete()
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_a_rollback_keeps_the_files_of_the_record_that_stays(stored_files):
    image = store_image(new_image(), picture_bytes())
    before = stored_files()
    with transaction.atomic():
        image.delete()
        transaction.set_rollback(True)
    assert stored_files() == before
    assert Image.objects.exists()


def test_a_refused_picture_leaves_record_and_files_as_they_were(stored_files):
    image = store_image(new_image(), picture_bytes())
    before, name = stored_files(), image.file.name
    with pytest.raises(ValidationError):
        store_image(image, io.BytesIO(b"<svg/>"))
    image.refresh_from_db()
    assert (stored_files(), image.file.name) == (before, name)


def test_a_record_that_breaks_a_rule_leaves_no_file(stored_files):
    with pytest.raises(ValidationError, match="Describe the picture"):
        store_image(Image(title="Undescribed"), picture_bytes())
    assert stored_files() == []
    assert not Image.objects.exists()


def test_a_failure_between_the_renditions_leaves_no_file(stored_files, monkeypatch):
    calls = []

    def fail_at_the_second(*args, **options):
        calls.append(args)
        if len(calls) == 2:
            raise OSError("disk full")
        return b"x"

    monkeypatch.setattr(services, "encode", fail_at_the_second)
    with pytest.raises(OSError, match="disk full"):
        store_image(new_image(), picture_bytes())
    assert stored_files() == []
    assert not Image.objects.exists()


def test_renditions_can_be_made_anew(stored_files, django_capture_on_commit_callbacks):
    image = store_image(new_image(), picture_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        make_renditions(image)
    assert image.renditions.count() == 2
    assert len(stored_files()) == 3
    assert all(default_storage.exists(row.file.name) for row in image.renditions.all())


def test_transparency_survives_in_the_renditions():
    buffer = io.BytesIO()
    Pillow.new("RGBA", (50, 50), (10, 20, 30, 0)).save(buffer, "PNG")
    buffer.seek(0)
    image = store_image(new_image(), buffer)
    for rendition in image.renditions.all():
        with Pillow.open(default_storage.open(rendition.file.name)) as picture:
            assert picture.convert("RGBA").getpixel((25, 25))[3] < 10


def test_a_document_is_stored_with_its_size():
    document = store_document(Document(title_en="Plan", language="zh-hans"), pdf_bytes(b"12345"))
    document.refresh_from_db()
    assert document.size == len(pdf_bytes(b"12345").read())
    assert document.file.name.startswith("documents/")
    assert document.file.name.endswith(".pdf")


def test_replacing_a_document_removes_the_old_file(
    stored_files, django_capture_on_commit_callbacks
):
    document = store_document(Document(title_en="Plan"), pdf_bytes(b"old"))
    with django_capture_on_commit_callbacks(execute=True):
        store_document(document, pdf_bytes(b"new"))
    assert stored_files() == [document.file.name]
