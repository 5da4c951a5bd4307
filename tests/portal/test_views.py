"""Home, history, contact, editors' pages, and what machines ask for."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import SiteSettings
from core.partial_dates import PartialDate
from portal.sitemaps import PublicSitemap
from tests.factories import (
    ContactFactory,
    HistoryEventFactory,
    IndustryFactory,
    MenuItemFactory,
    PageFactory,
    ParkFactory,
    PostFactory,
    ProjectFactory,
    SourceFactory,
    StatisticFactory,
    TopicFactory,
)
from tests.reading import LANGUAGES, links, queries, soup, text

pytestmark = pytest.mark.django_db

HOST = "https://invest.example.org"
XML = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NOW = timezone.now()


# --- The way to a language


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("zh-CN", "zh-hans"), ("zh-TW", "zh-hant"), ("en-GB", "en"), ("de", "en"), ("", "en")],
)
def test_the_bare_address_leads_to_the_language_of_the_browser(client, wanted, language):
    response = client.get("/", headers={"accept-language": wanted})

    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert response["Vary"] == "Cookie, Accept-Language"


def test_a_language_chosen_before_comes_first(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hant"

    response = client.get("/", headers={"accept-language": "en"})

    assert response["Location"] == "/zh-hant/"


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/sitemap.xml", "/sitemap-parks.xml"])
def test_machines_read_only(client, path):
    assert client.head(path).status_code in {200, 302}
    assert client.post(path).status_code == 405


# --- Home


def test_the_home_page_shows_what_there_is(client):
    site = SiteSettings.current()
    site.claim_en = "Room to build"
    site.save()
    park = ParkFactory(slug="lingang", short_name_en="Lingang")
    ProjectFactory(slug="plant", park=park, industry=IndustryFactory(slug="vehicles"))
    PostFactory(slug="older", date=date(2022, 1, 1), is_featured=True, title_en="Featured")
    PostFactory(slug="newer", date=date(2024, 1, 1), title_en="Newer")
    StatisticFactory(
        headline_order=1, indicator__name_en="Signed investment", indicator__decimals=3
    )

    response = client.get("/en/")
    page = text(response)

    assert soup(response).h1.get_text(strip=True) == "Room to build"
    for words in ("Lingang", "Signed investment", "7.6"):
        assert words in page
    assert {
        "/en/parks/lingang/",
        "/en/industries/vehicles/",
        "/en/projects/plant/",
        "/en/news/older/",
        "/en/inquiry/",
    } <= links(response)
    assert page.index("Featured") < page.index("Newer")


def test_the_home_page_says_how_many_parks_there_are_besides_the_tiles(client):
    ParkFactory.create_batch(9)

    page = soup(client.get("/en/"))

    assert len(page.select(".park-card")) == 8
    assert page.find("a", class_="more", href="/en/parks/").get_text() == "All 9 parks"


def test_an_empty_portal_has_a_home_page(client):
    assert client.get("/en/").status_code == 200


def fill(park_slug: str) -> None:
    park = ParkFactory(slug=park_slug, officer=ContactFactory(), longitude="112.6", latitude="23")
    industry = IndustryFactory()
    park.industries.add(industry)
    ProjectFactory(park=park, industry=industry)
    PostFactory(is_featured=True)
    StatisticFactory(headline_order=1)
    HistoryEventFactory(park=park)
    MenuItemFactory()
    MenuItemFactory(page=PageFactory(), address="")


@pytest.mark.parametrize(
    "path", ["/en/", "/zh-hans/", "/en/history/", "/en/contact/", "/en/about/", "/en/style-guide/"]
)
def test_every_page_costs_the_same_with_one_row_and_with_three(client, path):
    PageFactory(slug="about")
    fill("one")
    one = queries(client, path)
    fill("two")
    fill("three")
    three = queries(client, path)

    assert len(one) == len(three) <= 8, "\n".join(three)


# --- History and contact


def test_history_is_told_in_order_with_sources_and_ways_on(client):
    HistoryEventFactory(date=PartialDate(2022, 4), title_en="Work begins")
    HistoryEventFactory(
        slug="district",
        date=PartialDate(2012, 10, 27),
        title_en="A new district",
        summary_en="Zhaoqing New District is set up.",
        source=SourceFactory(publisher_en="Nanfang Plus"),
        park=ParkFactory(slug="lingang"),
    )

    response = client.get("/en/history/")
    page = text(response)

    assert page.index("27 October 2012") < page.index("April 2022")
    for words in ("A new district", "Zhaoqing New District is set up.", "Nanfang Plus"):
        assert words in page
    assert soup(response).find(id="district")
    assert "/en/parks/lingang/" in links(response)


def test_history_leads_to_no_park_that_is_hidden(client):
    HistoryEventFactory(park=ParkFactory(slug="secret", name_en="Canary", status="draft"))

    content = client.get("/en/history/").content.decode()

    assert "secret" not in content
    assert "Canary" not in content


def test_contact_shows_whom_to_ask_and_when_that_was_checked(client):
    contact = ContactFactory(
        organisation_en="Bureau",
        phone="0086-758-3611228",
        email="desk@example.org",
        last_verified=date(2026, 5, 1),
    )
    ParkFactory(slug="lingang", officer=contact)
    ParkFactory(name_en="Canary", officer=contact, status="draft")
    ContactFactory(organisation_en="Office", last_verified=None)

    response = client.get("/en/contact/")
    page = text(response)

    for words in ("Bureau", "1 May 2026", "Office", "have not been checked by us yet"):
        assert words in page
    assert {"tel:+867583611228", "mailto:desk@example.org", "/en/parks/lingang/"} <= links(response)
    assert "Canary" not in page


def test_a_page_of_the_editors_shows_text_and_date(client):
    PageFactory(slug="privacy", title_en="Privacy", body_en="<h2>What we keep</h2>")

    response = client.get("/en/privacy/")

    assert soup(response).h1.get_text(strip=True) == "Privacy"
    assert "What we keep" in text(response)
    assert "Last changed on" in text(response)


# --- Machines


@pytest.fixture
def public_address(settings) -> None:
    settings.PUBLIC_URL = HOST


def test_robots_may_read_everything_but_desk_and_forms(client, public_address):
    response = client.get("/robots.txt")

    assert response["Content-Type"].startswith("text/plain")
    forms = ("Disallow: /zh-hant/inquiry/", "Disallow: /zh-hant/report/")
    for line in ("Disallow: /admin/", *forms, f"Sitemap: {HOST}/"):
        assert line in response.content.decode()


def sitemap(client, section: str) -> set[str]:
    tree = ElementTree.fromstring(client.get(f"/sitemap-{section}.xml").content)
    return {item.text for item in tree.iter(f"{XML}loc")}


def test_the_sitemap_lists_its_parts(client, public_address):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    parts = {item.text for item in tree.iter(f"{XML}loc")}

    assert f"{HOST}/sitemap-parks.xml" in parts
    for part in parts:
        assert client.get(part.removeprefix(HOST)).status_code == 200


@pytest.mark.parametrize(
    ("section", "factory", "path"),
    [
        ("parks", ParkFactory, "parks/one/"),
        ("industries", IndustryFactory, "industries/one/"),
        ("projects", ProjectFactory, "projects/one/"),
        ("posts", PostFactory, "news/one/"),
        ("pages", PageFactory, "one/"),
        ("topics", TopicFactory, "news/topic/one/"),
    ],
)
def test_the_sitemap_has_every_record_in_every_language(
    client, public_address, section, factory, path
):
    factory(slug="one")

    assert {f"{HOST}/{language}/{path}" for language in LANGUAGES} <= sitemap(client, section)


def test_the_sitemap_names_the_other_languages_of_a_page(client, public_address):
    ParkFactory(slug="one")

    content = client.get("/sitemap-parks.xml").content.decode().lower()

    for language in LANGUAGES:
        assert f'hreflang="{language}"' in content


def test_a_page_of_a_sitemap_reads_no_more_rows_than_it_shows(client, public_address, monkeypatch):
    """Of 200,000 posts in three languages no page may read more than its own."""
    monkeypatch.setattr(PublicSitemap, "limit", 4)
    for number in range(5):
        ParkFactory(slug=f"park-{number}")
    shown = []
    for page in range(1, 5):
        with CaptureQueriesContext(connection) as context:
            response = client.get("/sitemap-parks.xml", {"p": page})
        tree = ElementTree.fromstring(response.content)
        shown += [item.text for item in tree.iter(f"{XML}loc")]
        [rows] = [query["sql"] for query in context if '"parks_park"."slug"' in query["sql"]]
        assert re.search(r"LIMIT [12]\b", rows)

    assert shown == [
        f"{HOST}/{language}/parks/park-{number}/" for number in range(5) for language in LANGUAGES
    ]
    assert client.get("/sitemap-parks.xml", {"p": 5}).status_code == 404


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"status": "archived"},
        {"publish_at": NOW + timedelta(days=1)},
        {"unpublish_at": NOW - timedelta(days=1)},
    ],
)
def test_what_is_hidden_is_in_no_sitemap(client, public_address, hidden):
    for factory in (ParkFactory, IndustryFactory, ProjectFactory, PostFactory, PageFactory):
        factory(slug="secret", **hidden)

    for section in ("parks", "industries", "projects", "posts", "pages"):
        assert not any("secret" in address for address in sitemap(client, section))
