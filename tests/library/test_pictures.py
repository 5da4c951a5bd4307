"""The picture tags: formats, sizes, descriptions, focus."""

import re

import pytest
from django.template import Context, Template
from django.utils import translation

from library.models import Document, Image, Licence
from library.services import store_document, store_image
from library.templatetags.pictures import focal_class
from tests.library.samples import new_image, pdf_bytes, picture_bytes

pytestmark = pytest.mark.django_db


def shown(source: str, language: str = "en", **context) -> str:
    with translation.override(language):
        return Template("{% load pictures %}" + source).render(Context(context))


@pytest.fixture
def image():
    return store_image(
        new_image(alt_zh_hans="湖边的峭壁", focal_x=24, focal_y=96), picture_bytes(1000, 500)
    )


def test_a_picture_offers_avif_before_webp_in_all_sizes(image):
    html = shown('{% picture image sizes="50vw" %}', image=image)
    types = re.findall(r'<source type="([^"]+)"', html)
    assert types == ["image/avif", "image/webp"]
    for srcset in re.findall(r'srcset="([^"]+)"', html):
        assert re.findall(r" (\d+)w", srcset) == ["480", "960", "1000"]
    assert html.count('sizes="50vw"') == 2
    assert 'width="1000" height="500"' in html
    assert 'alt="Crags above a lake"' in html
    assert 'loading="lazy"' in html
    assert "style=" not in html


def test_the_plain_source_is_a_size_that_loads_fast(image):
    webp = image.renditions.get(format="webp", width=960)
    assert f'src="{webp.file.url}"' in shown("{% picture image %}", image=image)


def test_the_first_picture_of_a_page_is_fetched_at_once(image):
    html = shown("{% picture image priority=True %}", image=image)
    assert 'fetchpriority="high"' in html
    assert "lazy" not in html


def test_the_description_is_in_the_language_of_the_page(image):
    assert 'alt="湖边的峭壁"' in shown("{% picture image %}", "zh-hans", image=image)
    assert "lang=" not in shown("{% picture image %}", "zh-hans", image=image)


def test_a_description_in_another_language_says_so(image):
    html = shown("{% picture image %}", "zh-hant", image=image)
    assert 'alt="湖边的峭壁" lang="zh-Hans"' in html


def test_decoration_is_silent(image):
    image.is_decorative = True
    html = shown("{% picture image %}", "zh-hant", image=image)
    assert 'alt=""' in html
    assert "lang=" not in html


def test_a_description_cannot_break_out_of_its_attribute(image):
    image.alt_en = '"><script>alert(1)</script>'
    assert "<script>" not in shown("{% picture image %}", image=image)


@pytest.mark.parametrize(
    ("x", "y", "classes"),
    [(50, 50, ""), (24, 96, "focal-x20 focal-y100"), (0, 54, "focal-x0"), (45, 44, "focal-y40")],
)
def test_the_focus_becomes_classes_in_steps_of_ten(x, y, classes):
    assert focal_class(Image(focal_x=x, focal_y=y)) == classes


def test_every_focus_class_has_a_rule(settings):
    sheet = (settings.BASE_DIR / "static/css/components/picture.css").read_text()
    for axis in "xy":
        for value in (*range(0, 50, 10), *range(60, 101, 10)):
            assert f".focal-{axis}{value} {{ --focal-{axis}: {value}%; }}" in sheet


def test_no_picture_is_no_markup():
    assert shown("{% picture image %}{% picture_credit image %}", image=None).strip() == ""


def test_a_picture_whose_renditions_are_missing_still_shows(image):
    image.renditions.all().delete()
    html = shown("{% picture image %}", image=image)
    assert "<source" not in html
    assert f'src="{image.file.url}"' in html


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_pictures_costs_two_queries(count, django_assert_num_queries):
    for number in range(count):
        store_image(new_image(title=str(number)), picture_bytes())
    with django_assert_num_queries(2):
        html = shown(
            "{% for image in images %}{% picture image %}{% endfor %}",
            images=Image.objects.with_renditions(),
        )
    assert html.count("<picture") == count


def test_the_credit_names_author_and_licence(image):
    image.credit, image.licence = "Chen Yi", Licence.CC_BY
    image.source_url = "https://example.org/photo"
    html = shown("{% picture_credit image %}", image=image)
    assert "Picture: Chen Yi" in html
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in html
    assert 'href="https://example.org/photo"' in html


def test_our_own_picture_needs_no_licence_line(image):
    assert shown("{% picture_credit image %}", image=image).strip() == ""


def test_a_document_link_says_what_and_how_large():
    document = store_document(
        Document(title_en="Master plan", language="zh-hans"), pdf_bytes(b"x" * 2048)
    )
    html = shown("{% document_link document %}", "zh-hans", document=document)
    assert f'href="{document.file.url}"' in html
    assert 'hreflang="zh-hans"' in html
    assert '<span lang="en">Master plan</span>' in html
    assert "PDF" in html
