"""Texts in the wanted language, or the nearest, knowing which."""

import pytest
from django.utils import translation

from core.languages import column, columns, current_language, reading_order, translated
from parks.models import Park


def test_a_text_in_the_wanted_language_is_no_fallback():
    park = Park(name_en="Lingang", name_zh_hans="临港")

    found = translated(park, "name", "zh-hans")

    assert (found.value, found.language, found.is_fallback) == ("临港", "zh-hans", False)


@pytest.mark.parametrize(
    ("wanted", "there", "found"),
    [
        ("en", ["zh_hans", "zh_hant"], "zh-hans"),
        ("en", ["zh_hant"], "zh-hant"),
        ("zh-hans", ["en", "zh_hant"], "zh-hant"),
        ("zh-hans", ["en"], "en"),
        ("zh-hant", ["en", "zh_hans"], "zh-hans"),
        ("zh-hant", ["en"], "en"),
    ],
)
def test_the_nearest_language_is_found_and_named(wanted, there, found):
    park = Park(**{f"name_{code}": code for code in there})

    text = translated(park, "name", wanted)

    assert (text.language, text.is_fallback) == (found, True)


def test_no_text_at_all_is_empty_and_no_fallback():
    text = translated(Park(), "name", "zh-hant")

    assert not text
    assert (text.value, text.language, text.is_fallback) == ("", "zh-hant", False)


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_active_language_is_the_default(language):
    park = Park(name_en="en", name_zh_hans="zh-hans", name_zh_hant="zh-hant")

    with translation.override(language):
        assert translated(park, "name").value == language


@pytest.mark.parametrize("active", ["fr", None])
def test_without_a_language_of_ours_the_first_is_taken(active):
    with translation.override(active):
        assert current_language() == "en"


def test_html_writes_the_script_with_a_capital():
    assert translated(Park(name_zh_hant="臨港"), "name", "en").html_language == "zh-Hant"


def test_columns_are_named_after_the_language():
    assert column("title", "zh-hans") == "title_zh_hans"
    assert dict(columns("title")) == {
        "en": "title_en",
        "zh-hans": "title_zh_hans",
        "zh-hant": "title_zh_hant",
    }


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_language_reads_all_three_beginning_with_itself(language):
    order = reading_order(language)

    assert order[0] == language
    assert sorted(order) == ["en", "zh-hans", "zh-hant"]
