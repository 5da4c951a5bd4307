"""The one stylesheet: complete, small, and readable in both colour schemes."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage

from core.static_storage import (
    OneStylesheetStorage,
    UnsafeStylesheetError,
    join_stylesheet,
    squeeze,
)
from core.stylesheet import stylesheet_address

CSS = Path(settings.BASE_DIR) / "static" / "css"
ENTRY = CSS / "site.css"

#: Pairs of ink and ground that meet on a page, and the contrast each needs (WCAG 2.2, 1.4.3 and
#: 1.4.11: text 4.5, borders of fields, marks of charts and the focus ring 3).
TEXT_PAIRS = [
    *((ink, ground) for ink in ("text", "heading", "muted", "link", "link-hover", "river", "error")
      for ground in ("ground", "surface", "sunk")),
    *(("text", ground) for ground in ("river-soft", "brand-soft", "amber-soft", "error-soft")),
    ("heading", "river-soft"),
    ("brand-strong", "brand-soft"),
    ("link", "brand-soft"),
    ("river", "river-soft"),
    ("amber-text", "amber-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-amber", "amber"),
    ("on-amber", "amber-hover"),
    ("on-stone", "stone"),
    ("on-stone-muted", "stone"),
    ("on-stone", "stone-raised"),
    ("on-brand-ground", "brand-ground"),
    ("text", "mark"),
]  # fmt: skip
MARK_PAIRS = [
    *((f"chart-{number}", "ground") for number in range(1, 7)),
    ("line-strong", "ground"),
    ("line-strong", "surface"),
    ("focus", "ground"),
    ("focus", "sunk"),
    ("focus", "surface"),
    ("amber-hover", "stone"),
    ("amber-hover", "brand-ground"),
]


def tokens(scheme: str) -> dict[str, str]:
    """Colours of a scheme by name; the dark one overrides the light one."""
    text = (CSS / "tokens.css").read_text()
    light, dark_and_print = text.split("@media (prefers-color-scheme: dark)")
    dark = dark_and_print.split("@media print")[0]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", light))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", dark))
    return found


def luminance(colour: str) -> float:
    """Relative luminance of ``#rgb`` or ``#rrggbb`` after WCAG 2."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_is_readable_on_its_ground(scheme, ink, ground):
    colours = tokens(scheme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), MARK_PAIRS)
def test_marks_and_focus_stand_out_from_their_ground(scheme, ink, ground):
    colours = tokens(scheme)
    assert contrast(colours[ink], colours[ground]) >= 3


def test_black_on_white_has_the_contrast_the_standard_gives():
    assert contrast("#000", "#ffffff") == pytest.approx(21)


def test_every_component_is_in_the_stylesheet():
    imported = set(re.findall(r'url\("components/([\w-]+\.css)"\)', ENTRY.read_text()))
    assert imported == {path.name for path in (CSS / "components").glob("*.css")}


def test_joined_stylesheet_keeps_every_layer_and_fetches_nothing():
    joined = join_stylesheet(ENTRY)
    assert joined.startswith("@layer reset,base,layout,components,utilities;")
    assert "@import" not in joined
    assert "url(" not in joined
    assert joined.count("{") == joined.count("}")


def test_joined_stylesheet_fits_the_budget():
    assert len(gzip.compress(join_stylesheet(ENTRY).encode(), 9)) <= 10_000


def test_literal_colours_stand_in_the_tokens_only():
    for path in CSS.rglob("*.css"):
        if path.name != "tokens.css" and "admin" not in path.name:
            assert not re.search(r"#[0-9a-fA-F]{3,8}\b\s*[;,)]", path.read_text()), path.name


def test_collected_stylesheet_is_the_joined_one_under_a_hashed_name(tmp_path):
    storage = OneStylesheetStorage(location=tmp_path, base_url="/static/")
    source = FileSystemStorage(location=CSS.parent)
    with (CSS / "site.css").open("rb") as entry:
        storage.save("css/site.css", File(entry))
    processed = storage.post_process({"css/site.css": (source, "css/site.css")})
    names = [new for _old, new, _done in processed if new.endswith(".css")]
    assert len(names) == 1
    assert names[0] != "css/site.css"
    assert (tmp_path / names[0]).read_text() == join_stylesheet(ENTRY)


def test_part_that_refers_to_a_file_is_refused(tmp_path):
    (tmp_path / "part.css").write_text("a { background: url(x.png) }")
    (tmp_path / "site.css").write_text('@import url("part.css") layer(base);')
    with pytest.raises(UnsafeStylesheetError, match=r"part\.css"):
        join_stylesheet(tmp_path / "site.css")


def test_squeezing_keeps_the_meaning():
    assert (
        squeeze("a :hover { color: red;\n margin: 0 auto }") == "a :hover{color:red;margin:0 auto}"
    )
    assert squeeze('b::after { content: "x" / ""; }') == 'b::after{content:"x" / ""}'
    assert squeeze("c { width: calc(1px + 2px) }") == "c{width:calc(1px + 2px)}"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/", "/zh-hant/inquiry/", "/zh-hans/nothing-here/"])
def test_a_browser_hears_of_the_stylesheet_before_it_reads_the_page(client, path):
    page = client.get(path)

    assert page["Link"] == f"<{stylesheet_address()}>; rel=preload; as=style"
    assert f'<link rel="stylesheet" href="{stylesheet_address()}">' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/en/news/feed/", "/robots.txt"])
def test_what_has_another_stylesheet_or_none_does_not_name_it(client, path):
    assert "Link" not in client.get(path)


@pytest.mark.django_db
def test_without_collected_files_a_page_names_no_stylesheet(client, monkeypatch):
    def no_manifest(path):
        raise ValueError(path)

    monkeypatch.setattr("core.stylesheet.static", no_manifest)

    assert "Link" not in client.get("/en/nothing-here/")
