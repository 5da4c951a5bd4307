"""The language in front of an address."""

import pytest

from core.addresses import in_language, language_of, without_language


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/en/", "en"),
        ("/zh-hans/parks/lingang/", "zh-hans"),
        ("/zh-hant", "zh-hant"),
        ("/", None),
        ("/admin/", None),
        ("/english/", None),
        ("/EN/parks/", None),
        ("/fr/parks/", None),
    ],
)
def test_the_first_part_names_the_language(path, language):
    assert language_of(path) == language


@pytest.mark.parametrize(
    ("path", "rest"),
    [
        ("/en/", "/"),
        ("/zh-hans/parks/lingang/", "/parks/lingang/"),
        ("/robots.txt", "/robots.txt"),
        ("/en/zh-hans/", "/zh-hans/"),
    ],
)
def test_the_language_can_be_taken_off(path, rest):
    assert without_language(path) == rest


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/en/parks/", "/zh-hant/parks/"),
        ("/parks/", "/zh-hant/parks/"),
        ("/", "/zh-hant/"),
        ("/zh-hant/parks/", "/zh-hant/parks/"),
    ],
)
def test_the_same_page_in_another_language(path, address):
    assert in_language(path, "zh-hant") == address
