"""The drawings: every key has a file, every file is safe to print inline, no key breaks a page."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template import Context, Template

from core.illustrations import (
    DEFAULT_ILLUSTRATION,
    FRAME_ILLUSTRATIONS,
    ILLUSTRATION_KEYS,
    illustration_choices,
    resolve_illustration,
)

FOLDER = Path(settings.BASE_DIR) / "templates" / "illustrations"
NAMES = sorted(ILLUSTRATION_KEYS | set(FRAME_ILLUSTRATIONS))
SHAPES = {"svg", "path", "rect", "circle"}


def render(source: str, **context: object) -> str:
    return Template("{% load illustrations %}" + source).render(Context(context))


def test_every_key_has_one_file_and_every_file_one_key() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.svg")) == NAMES


def test_choices_are_the_keys_with_a_label_and_the_default_is_one_of_them() -> None:
    choices = illustration_choices()

    assert {key for key, _label in choices} == ILLUSTRATION_KEYS
    assert all(str(label) for _key, label in choices)
    assert DEFAULT_ILLUSTRATION in ILLUSTRATION_KEYS


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_is_small_and_holds_nothing_but_shapes(name: str) -> None:
    source = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(source)

    limit = 4000 if name == "landscape" else 1800
    assert len(source.encode()) <= limit
    assert {element.tag.rpartition("}")[2] for element in root.iter()} <= SHAPES
    for element in root.iter():
        assert not {"style", "id", "href"} & set(element.attrib)
        assert not any(attribute.startswith("on") for attribute in element.attrib)
        assert not {"fill", "stroke"} & set(element.attrib), "colours come from the classes"


@pytest.mark.parametrize("name", sorted(ILLUSTRATION_KEYS))
def test_drawings_of_cards_share_one_frame(name: str) -> None:
    root = ElementTree.fromstring((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))

    assert root.get("viewBox") == "0 0 320 200"
    # One amber note a picture: the colour belongs to calls to action.
    accents = [e for e in root.iter() if e.get("class") in {"amber", "sun"}]
    assert len(accents) <= 2


def test_no_two_drawings_are_alike() -> None:
    sources = {(FOLDER / f"{name}.svg").read_text(encoding="utf-8") for name in NAMES}

    assert len(sources) == len(NAMES)


def test_every_class_of_a_drawing_is_in_the_stylesheet() -> None:
    css = (Path(settings.BASE_DIR) / "static/css/components/illustration.css").read_text("utf-8")
    for name in NAMES:
        root = ElementTree.fromstring((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
        for element in root.iter():
            for class_name in (element.get("class") or "").split():
                assert f".{class_name}" in css, (name, class_name)


def test_without_a_title_the_drawing_is_hidden_from_assistive_technology() -> None:
    html = render("{% illustration 'port' %}")

    assert html.startswith('<svg class="illustration illustration--port" aria-hidden="true"')
    assert "role=" not in html


def test_with_a_title_the_drawing_is_an_image_of_that_name_and_the_title_is_escaped() -> None:
    html = render("{% illustration 'port' title=title %}", title='"><script>x</script>')

    assert 'role="img"' in html
    assert "<script" not in html
    assert "&quot;&gt;&lt;script" in html


@pytest.mark.parametrize("key", ["", None, "no-such", "../base", "port.svg", 7])
def test_an_unknown_key_gets_the_default_drawing(key: object) -> None:
    assert resolve_illustration(key) == DEFAULT_ILLUSTRATION
    assert f"illustration--{DEFAULT_ILLUSTRATION}" in render("{% illustration key %}", key=key)
