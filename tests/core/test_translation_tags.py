"""Texts in templates, marked with their language where it is not the page's."""

import pytest
from django.template import Context, Template
from django.utils import translation

from parks.models import Park


def rendered(source: str, language: str = "en", **context: object) -> str:
    with translation.override(language):
        return Template("{% load translation %}" + source).render(Context(context)).strip()


def test_a_text_in_the_page_language_stands_alone():
    assert rendered('{% text park "name" %}', park=Park(name_en="Lingang")) == "Lingang"


def test_a_text_in_another_language_says_which():
    park = Park(name_zh_hans="临港")

    assert rendered('{% text park "name" %}', park=park) == '<span lang="zh-Hans">临港</span>'


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_markup_in_a_text_is_escaped(language):
    park = Park(name_en="<b>Lingang</b>")

    assert "&lt;b&gt;Lingang&lt;/b&gt;" in rendered('{% text park "name" %}', language, park=park)


def test_a_record_that_is_not_there_prints_nothing():
    assert rendered('{% text park "name" %}', park=None) == ""


def test_formatted_text_keeps_its_markup():
    park = Park(body_en="<p>Land</p>")

    assert (
        rendered('{% richtext park "body" %}', park=park) == '<div class="prose"><p>Land</p></div>'
    )


def test_formatted_text_in_another_language_says_which():
    park = Park(body_en="<p>Land</p>")

    assert rendered('{% richtext park "body" %}', "zh-hant", park=park) == (
        '<div class="prose" lang="en"><p>Land</p></div>'
    )


def test_no_formatted_text_prints_nothing():
    assert rendered('{% richtext park "body" %}', park=Park()) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "You are reading the original, in"), ("zh-hant", 'class="notice language-notice"')],
)
def test_a_notice_names_the_language_that_is_shown_instead(language, words):
    park = Park(name_zh_hans="临港")

    assert words in rendered('{% language_notice park "name" %}', language, park=park)


def test_no_notice_where_everything_is_in_the_visitors_language():
    park = Park(name_en="Lingang", name_zh_hans="临港")

    assert rendered('{% language_notice park "name" "summary" %}', park=park) == ""


@pytest.mark.parametrize(
    ("language", "html"), [("en", "en"), ("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant")]
)
def test_the_language_of_the_page_as_html_writes_it(language, html):
    assert rendered("{% html_lang %}", language) == html
