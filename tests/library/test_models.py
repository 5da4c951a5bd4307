"""Rules of the library's records."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from library.models import Image, Licence
from tests.library.samples import new_image

pytestmark = pytest.mark.django_db


def saved(**fields) -> Image:
    image = new_image(file="images/aa/a.jpg", **fields)
    image.save()
    return image


@pytest.mark.parametrize("column", ["alt_en", "alt_zh_hans", "alt_zh_hant"])
def test_a_description_in_any_one_language_is_enough(column):
    Image(title="x", file="a.jpg", **{column: "words"}).full_clean()


def test_decoration_needs_no_description():
    image = Image(title="x", file="a.jpg", is_decorative=True)
    image.full_clean()
    image.save()
    assert Image.objects.count() == 1


@pytest.mark.parametrize("empty", ["", None])
def test_a_picture_without_description_is_refused_in_words(empty):
    image = new_image(file="a.jpg", alt_en=empty)
    with pytest.raises(ValidationError, match="mark it as decoration only"):
        image.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        image.save()


@pytest.mark.parametrize("field", ["focal_x", "focal_y"])
def test_the_focus_lies_inside_the_picture(field):
    new_image(file="a.jpg", **{field: 100}).full_clean()
    with pytest.raises(ValidationError):
        new_image(file="a.jpg", **{field: 101}).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        saved(**{field: 101})


@pytest.mark.parametrize("licence", [licence for licence in Licence if licence.needs_credit])
def test_a_licence_that_wants_the_author_gets_the_author(licence):
    with pytest.raises(ValidationError, match="author must be named"):
        new_image(file="a.jpg", licence=licence).full_clean()
    new_image(file="a.jpg", licence=licence, credit="Chen Yi").full_clean()


def test_public_licences_link_to_their_text():
    assert Licence.CC_BY.url.startswith("https://creativecommons.org/")
    assert Licence.OWN.url == ""


def test_a_picture_has_one_rendition_per_format_and_width():
    image = saved()
    row = {"format": "webp", "width": 480, "height": 360, "file": "r.webp"}
    image.renditions.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        image.renditions.create(**row)
    image.renditions.create(**{**row, "format": "avif"})


def test_pictures_lacking_a_description_in_a_language_are_found():
    half = saved(title="half")
    saved(title="full", alt_zh_hans="山", alt_zh_hant="山")
    saved(title="decoration", is_decorative=True)
    assert list(Image.objects.lacking_description()) == [half]
