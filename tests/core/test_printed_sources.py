"""On paper each source has a number, and all of them stand in one list at the end."""

import pytest
from django.template import Context, RequestContext, Template

from core.partial_dates import PartialDate
from tests.factories import (
    CitationFactory,
    ParkFactory,
    ParkPointFactory,
    SourceFactory,
    TransportLinkFactory,
)
from tests.reading import soup

TEMPLATE = Template(
    "{% load sources %}{% for word in words %}"
    "{% numbered_source %} {{ word }} {% endnumbered_source %}[{{ source_number }}]"
    "{% endfor %}{% source_list %}"
)


def printed(context_of_request) -> str:
    return " ".join(TEMPLATE.render(context_of_request).split())


def test_equal_sources_have_one_number(rf):
    page = printed(RequestContext(rf.get("/"), {"words": ["One", "Two", "One", "<b>"]}))

    assert page.startswith("One [1] Two [2] One [1] &lt;b&gt; [3]")
    assert "<ol><li>One</li><li>Two</li><li>&lt;b&gt;</li></ol>" in page


def test_every_page_begins_at_one(rf):
    for word in ("One", "Two"):
        assert f"{word} [1]" in printed(RequestContext(rf.get("/"), {"words": [word]}))


def test_a_page_without_sources_has_no_list(rf):
    assert printed(RequestContext(rf.get("/"), {"words": []})) == ""


def test_outside_a_page_a_source_is_shown_without_a_number():
    assert printed(Context({"words": ["One"]})) == "One []"


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
    numbers = [number.get_text() for number in page.select("sup.print-only")]
    assert numbers == ["[1]", "[1]", "[1]", "[2]"]


@pytest.mark.django_db
def test_a_stored_page_keeps_its_list(client):
    TransportLinkFactory(park=ParkFactory(slug="lingang"), source=SourceFactory())

    first, second = (client.get("/en/parks/lingang/").content for _time in range(2))

    assert first == second
    assert b"sources" in second
