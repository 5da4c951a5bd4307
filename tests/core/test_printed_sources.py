"""On paper each source has a number, and all of them stand in one list at the end."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.template import Context, RequestContext, Template
from django.utils import translation

from core.models import Source
from core.partial_dates import PartialDate
from core.source_notes import cited, report_link
from tests.factories import (
    CitationFactory,
    ParkFactory,
    ParkPointFactory,
    SourceFactory,
    TransportLinkFactory,
)
from tests.reading import soup

TEMPLATE = Template(
    "{% load sources %}{% for source in sources %}{% source_note source %}{% endfor %}"
    "{% source_list %}"
)


def printed(context_of_request) -> BeautifulSoup:
    return BeautifulSoup(TEMPLATE.render(context_of_request), "html.parser")


def sources(*publishers: str) -> dict[str, list[Source]]:
    return {"sources": [Source(publisher_en=name) for name in publishers]}


def numbers(page: BeautifulSoup) -> list[str]:
    return [number.get_text() for number in page.select("sup.print-only")]


def test_equal_sources_have_one_number(rf):
    page = printed(RequestContext(rf.get("/"), sources("One", "Two", "One", "<b>")))

    assert numbers(page) == ["[1]", "[2]", "[1]", "[3]"]
    assert [item.get_text() for item in page.select(".sources li")] == ["One", "Two", "<b>"]


def test_every_page_begins_at_one(rf):
    for word in ("One", "Two"):
        assert numbers(printed(RequestContext(rf.get("/"), sources(word)))) == ["[1]"]


def test_a_page_without_sources_has_no_list(rf):
    assert printed(RequestContext(rf.get("/"), sources())).get_text(strip=True) == ""


def test_outside_a_page_a_source_is_shown_without_a_number():
    page = printed(Context(sources("One")))

    assert page.details.cite.get_text() == "One"
    assert numbers(page) == []


def test_a_figure_without_a_source_names_none(rf):
    page = printed(RequestContext(rf.get("/"), {"sources": [None]}))

    assert page.details is None


def test_a_source_says_all_that_is_known_of_it_and_escapes_it():
    source = Source(
        publisher_en="<b>Bureau</b>",
        title_en="Year & book",
        published=PartialDate(2022, 5),
        url="https://example.org/?a=1&b=2",
        may_link=True,
    )
    words = cited(source, "<i>Page 7", date(2026, 1, 2))

    assert words == (
        "<cite>&lt;b&gt;Bureau&lt;/b&gt;: "
        '<a href="https://example.org/?a=1&amp;b=2" rel="external noopener">Year &amp; book</a>'
        "</cite>, May 2022<p>&lt;i&gt;Page 7</p><p>Checked on 2 January 2026.</p>"
    )


def test_an_address_that_must_not_be_opened_is_no_link():
    source = Source(publisher_en="Bureau", title_en="Report", url="https://example.org/")

    assert cited(source) == "<cite>Bureau: Report</cite>"


def test_a_source_in_another_language_is_marked():
    source = Source(publisher_zh_hans="统计局", title_en="Report")

    assert cited(source) == '<cite><span lang="zh-Hans">统计局</span>: Report</cite>'


def test_a_figure_can_be_reported_with_its_name_and_value():
    link = report_link("Land & <water>", "Land & <water>: 76 km²")

    assert link == (
        '<p><a href="/en/report/?figure=Land+%26+%3Cwater%3E:+76+km²" rel="nofollow">'
        "Report an error: Land &amp; &lt;water&gt;</a></p>"
    )


def test_what_is_no_figure_has_no_link_of_its_own(rf):
    page = printed(RequestContext(rf.get("/"), sources("One")))

    assert page.details.a is None
    assert report_link("") == ""


def test_the_address_of_a_report_is_in_the_language_of_the_page():
    with translation.override("zh-hans"):
        link = BeautifulSoup(report_link("规划面积"), "html.parser").a

    assert link["href"] == "/zh-hans/report/?figure=规划面积"


def test_a_figure_whose_source_is_unknown_has_no_note(rf):
    template = Template('{% load sources %}{% source_note None about="Land" %}')

    assert template.render(RequestContext(rf.get("/"), {})) == ""


@pytest.mark.django_db
def test_a_park_lists_its_sources_once_whatever_they_are_about(client):
    park = ParkFactory(slug="lingang", planned_area=1000)
    source = SourceFactory(
        publisher_en="Bureau", title_en="Yearbook", published=PartialDate(2022, 5)
    )
    CitationFactory(record=park, field="planned_area", source=source)
    ParkPointFactory(park=park, source=source)
    TransportLinkFactory(park=park, source=source)
    TransportLinkFactory(park=park, source=SourceFactory(publisher_en="Ministry"))

    page = soup(client.get("/en/parks/lingang/"))

    listed = [item.get_text() for item in page.select(".sources li")]
    assert listed == ["Bureau: Yearbook, May 2022", "Ministry"]
    assert numbers(page) == ["[1]", "[1]", "[1]", "[2]"]


@pytest.mark.django_db
def test_a_stored_page_keeps_its_list(client):
    TransportLinkFactory(park=ParkFactory(slug="lingang"), source=SourceFactory())

    first, second = (client.get("/en/parks/lingang/").content for _time in range(2))

    assert first == second
    assert b"sources" in second
