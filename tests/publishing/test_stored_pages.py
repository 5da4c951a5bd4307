"""Whole pages are kept for as long as nothing that they show has changed."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import SiteSettings
from publishing.fragments import fragments, searches
from publishing.models import Status
from tests.factories import IndustryFactory, PageFactory, ParkFactory, ProjectFactory

pytestmark = pytest.mark.django_db

LIST = "/en/parks/"


@pytest.fixture
def site():
    return SiteSettings.current()


@pytest.fixture
def park(site):
    return ParkFactory(name_en="Dinghu", name_zh_hans="鼎湖")


def kept_pages() -> int:
    return sum(key[0] == "page" for key in fragments.pieces)


def test_a_kept_page_costs_one_query(client, park, django_assert_num_queries):
    address = reverse("parks:detail", args=[park.slug])
    first = client.get(address)
    with django_assert_num_queries(1):
        second = client.get(address)
    assert second.content == first.content
    own = {"X-Request-ID"}
    assert {name: second[name] for name in second.headers if name not in own} == {
        name: first[name] for name in first.headers if name not in own
    }


def test_each_language_has_its_own_page(client, park):
    for _round in range(2):
        assert "Dinghu" in client.get(LIST).text
        chinese = client.get("/zh-hans/parks/")
        assert "鼎湖" in chinese.text
        assert chinese["Content-Language"] == "zh-hans"


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_an_edit_shows_at_once(client, park, language):
    address = f"/{language}/parks/"
    client.get(address)
    park.name_en = park.name_zh_hans = park.name_zh_hant = "Gaoyao"
    park.save()
    assert "Gaoyao" in client.get(address).text


@pytest.mark.parametrize("address", ["/en/", "/en/parks/", "/en/projects/", "/en/statistics/"])
def test_the_first_page_after_everything_was_renewed_takes_few_queries(
    client, site, park, address, django_capture_on_commit_callbacks
):
    ProjectFactory(park=park)
    client.get(address)
    with django_capture_on_commit_callbacks(execute=True):
        site.save()
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert 1 < len(captured) <= 8


@pytest.mark.parametrize("address", ["/en/parks/", "/en/statistics/", "/en/about/"])
def test_a_page_outlives_an_edit_of_what_it_does_not_show(
    client, park, address, django_assert_num_queries
):
    PageFactory(slug="about")
    project = ProjectFactory(park=park)
    first = client.get(address)
    project.save()
    with django_assert_num_queries(1):
        assert client.get(address).content == first.content


def test_an_edit_of_the_site_settings_shows_at_once(client, park, site):
    client.get(LIST)
    site.footer_note_en = "Closed on Monday."
    site.save()
    assert "Closed on Monday." in client.get(LIST).text


def test_a_page_appears_and_goes_at_the_second(client, site):
    soon = timezone.now() + timedelta(minutes=5)
    later = soon + timedelta(minutes=5)
    park = ParkFactory(publish_at=soon, unpublish_at=later)
    address = reverse("parks:detail", args=[park.slug])
    assert client.get(address).status_code == 404
    with time_machine.travel(soon + timedelta(seconds=1), tick=False):
        assert client.get(address).status_code == 200
    with time_machine.travel(later + timedelta(seconds=1), tick=False):
        assert client.get(address).status_code == 404


def test_what_is_not_there_is_not_kept(client, park):
    park.status = Status.DRAFT
    park.save()
    address = reverse("parks:detail", args=[park.slug])
    assert client.get(address).status_code == 404
    assert kept_pages() == 0


def test_staff_are_shown_and_leave_behind_what_every_visitor_sees(client, admin_client, park):
    secret = ParkFactory(name_en="Secret", status=Status.DRAFT)
    address = reverse("parks:detail", args=[secret.slug])
    assert admin_client.get(address).status_code == 404
    assert admin_client.get(LIST).content == client.get(LIST).content
    assert "Secret" not in client.get(LIST).text


def test_the_order_of_the_query_does_not_matter(client, park, django_assert_num_queries):
    park.industries.add(IndustryFactory(slug="cars"))
    client.get(f"{LIST}?industry=cars&page=1")
    with django_assert_num_queries(1):
        assert "Dinghu" in client.get(f"{LIST}?page=1&industry=cars").text


def test_pages_with_different_filters_are_different(client, park):
    park.industries.add(IndustryFactory(slug="cars"))
    IndustryFactory(slug="robots")
    for _round in range(2):
        assert "Dinghu" in client.get(f"{LIST}?industry=cars").text
        assert "No park fits" in client.get(f"{LIST}?industry=robots").text


@pytest.mark.parametrize(
    "query", ["utm_source=x", "page=7", "page=abc", "page=1&page=1", "kind=palace", "industry=none"]
)
def test_an_address_without_end_is_answered_but_not_kept(client, park, query):
    assert client.get(f"{LIST}?{query}").status_code == 200
    assert kept_pages() == 0


def test_searches_are_kept_apart_so_that_they_push_out_no_page(
    client, park, django_assert_num_queries
):
    found = {"q": "Dinghu"}
    first = client.get("/en/search/", found)
    with django_assert_num_queries(1):
        assert client.get("/en/search/", found).content == first.content
    assert "Dinghu" in first.text
    assert kept_pages() == 0


def test_a_search_finds_an_edit_at_once(client, park):
    assert 'class="result"' in client.get("/en/search/", {"q": "Dinghu"}).text
    park.name_en, park.name_zh_hans, park.name_zh_hant = "Gaoyao", "高要", "高要"
    park.summary_en = "Elsewhere"
    park.save()
    assert 'class="result"' not in client.get("/en/search/", {"q": "Dinghu"}).text


def test_a_search_with_unknown_names_is_not_kept(client, park):
    client.get("/en/search/", {"q": "Dinghu", "utm_source": "x"})
    assert not searches.pieces


def test_head_is_answered_from_the_kept_page_without_its_text(client, park):
    page = client.get(LIST)
    head = client.head(LIST)
    assert head.content == b""
    assert head["Content-Type"] == page["Content-Type"]


def test_a_post_to_a_page_is_refused_though_the_page_is_kept(client, park):
    client.get(LIST)
    assert client.post(LIST).status_code == 405
