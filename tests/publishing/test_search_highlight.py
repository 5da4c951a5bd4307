"""Showing why something was found."""

import pytest

from publishing.search.highlight import excerpt, find_spans, marked
from publishing.search.query import parse_query


def shown(text: str, query: str) -> str:
    return marked(text, find_spans(text, parse_query(query).terms))


@pytest.mark.parametrize(
    ("text", "query", "html"),
    [
        ("肇慶園區招商", "园区", "肇慶<mark>園區</mark>招商"),
        ("肇庆园区招商", "園區", "肇庆<mark>园区</mark>招商"),
        ("Electronic parts", "electronics", "<mark>Electronic</mark> parts"),
        ("New industries", "industry", "New <mark>industries</mark>"),
        ("广汽Honda工厂", "honda", "广汽<mark>Honda</mark>工厂"),
        ("Ｈｏｎｄａ", "honda", "<mark>Ｈｏｎｄａ</mark>"),
        ("500㎡ in São", "sao", "500㎡ in <mark>São</mark>"),
        ("Cafe\u0301 open", "cafe", "<mark>Cafe\u0301</mark> open"),
        ("招商引资", "招商 商引", "<mark>招商引</mark>资"),
        ("parking", "park", "<mark>parking</mark>"),
        ("sparks", "park", "sparks"),
    ],
)
def test_what_was_found_is_marked_in_the_text_as_it_is_written(text, query, html):
    assert shown(text, query) == html


def test_markup_in_the_text_is_escaped_inside_and_outside_the_mark():
    html = shown('<b>园区</b> "Honda" <script>x</script>', "园区 script")

    assert html == (
        "&lt;b&gt;<mark>园区</mark>&lt;/b&gt; &quot;Honda&quot; "
        "&lt;<mark>script</mark>&gt;x&lt;/<mark>script</mark>&gt;"
    )


def test_an_excerpt_shows_the_place_with_the_most_matches():
    text = "园区。" + "甲" * 300 + "。本田在园区设厂。" + "乙" * 300
    html = excerpt(text, find_spans(text, parse_query("本田 园区").terms), is_han=True)

    assert "<mark>本田</mark>在<mark>园区</mark>设厂" in html
    assert html.startswith("…")
    assert html.endswith("…")


def test_an_english_excerpt_cuts_between_words():
    text = "alpha bravo charlie delta " * 30 + "Honda opened " + "echo foxtrot golf " * 30
    html = excerpt(text, find_spans(text, parse_query("Honda").terms), is_han=False)
    words = html.replace("…", "").replace("<mark>", "").replace("</mark>", "").split()

    assert "<mark>Honda</mark>" in html
    assert set(words) <= set(text.split())


def test_an_excerpt_without_a_match_is_the_beginning():
    assert excerpt("园区" * 100, [], is_han=True).startswith("园区")


def test_a_short_text_is_its_own_excerpt():
    assert excerpt("A short text", [], is_han=False) == "A short text"
