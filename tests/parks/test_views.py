"""What a visitor reads about parks and industries."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.models import SiteSettings
from core.partial_dates import PartialDate
from tests.factories import (
    ChainLinkFactory,
    CitationFactory,
    ContactFactory,
    DistrictFactory,
    IndustryFactory,
    ParkFactory,
    ParkImageFactory,
    ParkPointFactory,
    PostFactory,
    ProjectFactory,
    SourceFactory,
    StatisticFactory,
    TransportLinkFactory,
)
from tests.reading import links, queries, soup, text

pytestmark = pytest.mark.django_db

MU = Decimal(2000) / 3
NOW = timezone.now()
HIDDEN = (
    {"status": "draft"},
    {"status": "in_review"},
    {"status": "archived"},
    {"publish_at": NOW + timedelta(days=1)},
    {"unpublish_at": NOW - timedelta(days=1)},
)
hidden_in_every_way = pytest.mark.parametrize(
    "hidden", HIDDEN, ids=["draft", "in review", "archived", "scheduled", "expired"]
)


def full_park(slug: str, **values: object):
    """A park with two of everything that its page shows."""
    park = ParkFactory(slug=slug, planned_area=MU * 1355, officer=ContactFactory(), **values)
    for _number in range(2):
        park.industries.add(IndustryFactory())
        source = SourceFactory()
        ParkPointFactory(park=park, source=source)
        ParkPointFactory(park=park, kind="limit")
        TransportLinkFactory(park=park, source=source)
        ParkImageFactory(park=park)
        StatisticFactory(park=park, district=None)
        project = ProjectFactory(park=park)
        PostFactory().parks.add(park)
        PostFactory().projects.add(project)
    CitationFactory(record=park, field="planned_area")
    return park


def test_the_list_shows_every_public_park_with_its_facts(client):
    ParkFactory(
        slug="lingang", name_en="Lingang", planned_area=MU * 1355, district__name_en="Dinghu"
    )

    page = text(client.get("/en/parks/"))

    assert "1 park" in page
    for words in ("Lingang", "Dinghu", "1,355 mu", "Park of the cluster"):
        assert words in page


def test_a_card_shows_planned_land_beside_land_on_offer(client):
    park = ParkFactory(planned_area=MU * 1355, available_area=MU * 200)
    CitationFactory(record=park, field="planned_area", kind="target")
    ParkFactory()

    full, empty = soup(client.get("/en/parks/")).find_all("dl", class_="card__facts")

    facts = " ".join(full.get_text(" ").split())
    assert "Planned area 1,355 mu (90.33 ha) Planned" in facts
    assert "Land on offer 200 mu (13.33 ha)" in facts
    nothing = " ".join(empty.get_text(" ").split())
    assert "Planned area Not stated" in nothing
    assert "Land on offer Not stated" in nothing


@hidden_in_every_way
def test_a_hidden_park_is_in_no_list_no_filter_and_no_map(client, hidden):
    ParkFactory(name_en="Canary", longitude="112.6", latitude="23.1", **hidden)
    ParkFactory(name_en="Lingang", longitude="112.7", latitude="23.2")

    for path in ("/en/parks/", "/en/", "/en/projects/", "/en/contact/"):
        assert "Canary" not in client.get(path).content.decode()
    assert "Lingang" in soup(client.get("/en/parks/")).find("svg", class_="map__drawing").get_text()


@hidden_in_every_way
def test_a_hidden_park_has_no_page(client, hidden):
    ParkFactory(slug="lingang", name_en="Canary", **hidden)

    response = client.get("/en/parks/lingang/")

    assert response.status_code == 404
    assert "Canary" not in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("district=dinghu", "one"),
        ("district=sihui", "two"),
        ("industry=vehicles", "one"),
        ("kind=national_zone", "two"),
        ("district=dinghu&kind=cluster_park&industry=vehicles", "one"),
    ],
)
def test_each_filter_leaves_what_it_names(client, query, found):
    one = ParkFactory(slug="one", district__slug="dinghu")
    one.industries.add(IndustryFactory(slug="vehicles"))
    ParkFactory(slug="two", district__slug="sihui", kind="national_zone")

    shown = links(client.get(f"/en/parks/?{query}"))

    parks = {link for link in shown if link.startswith("/en/parks/")} - {"/en/parks/"}
    assert parks == {f"/en/parks/{found}/"}


def test_filters_that_leave_nothing_say_so_and_lead_back(client):
    ParkFactory(district__slug="dinghu")
    DistrictFactory(slug="sihui")

    response = client.get("/en/parks/?district=sihui")

    assert response.status_code == 200
    assert "No park fits these filters" in text(response)
    assert "/en/parks/" in links(response)
    assert "?" not in links(response)


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("", "Parks"),
        ("district=dinghu", "Parks: Dinghu"),
        ("district=dinghu&kind=cluster_park&page=2", "Parks: Dinghu, Park of the cluster (page 2)"),
        ("page=99", "Parks (page 2)"),
        ("district=nowhere", "Parks"),
    ],
)
def test_a_list_is_called_by_its_filters_and_its_page(client, query, title):
    district = DistrictFactory(slug="dinghu", name_en="Dinghu")
    ParkFactory.create_batch(13, district=district)

    page = soup(client.get(f"/en/parks/?{query}"))

    assert page.h1.get_text() == title
    assert page.title.get_text().startswith(f"{title} – ")


def test_the_way_back_from_filters_is_the_address_of_the_list(client):
    ParkFactory(district=DistrictFactory(slug="dinghu"))

    page = soup(client.get("/en/parks/?district=dinghu"))

    assert page.find("a", string="Clear all")["href"] == "/en/parks/"
    assert page.find("a", class_="filter-form__remove")["href"] == "/en/parks/"


def test_a_hidden_industry_is_no_filter(client):
    IndustryFactory(slug="secret", name_en="Canary", status="draft")

    response = client.get("/en/parks/?industry=secret")

    assert "Canary" not in response.content.decode()
    assert "was not understood" in text(response)


def test_a_park_page_shows_facts_points_distances_and_who_answers(client):
    park = ParkFactory(
        slug="lingang",
        name_en="Lingang",
        summary_en="By the river.",
        planned_area=MU * 1355,
        founded=PartialDate(2012, 10),
        officer=ContactFactory(person_en="Li Wei", phone="0086-758-3611228"),
    )
    CitationFactory(record=park, field="planned_area", as_of=PartialDate(2022), kind="target")
    ParkPointFactory(park=park, text_en="Deep water")
    ParkPointFactory(park=park, text_en="No railway", kind="limit")
    TransportLinkFactory(park=park, name_en="Airport", distance_km=Decimal(86), minutes=70)

    response = client.get("/en/parks/lingang/")
    page = text(response)

    for words in (
        "Lingang",
        "By the river.",
        "1,355 mu",
        "As of 2022",
        "Planned",
        "October 2012",
        "Deep water",
        "No railway",
        "Airport",
        "86 km",
        "Li Wei",
    ):
        assert words in page
    assert "tel:+867583611228" in links(response)
    assert "/en/inquiry/?park=lingang" in links(response)


def distances(response) -> list[str]:
    rows = soup(response).find("table").find_all("tr")[1:]
    return [" ".join(row.get_text(" ").split()) for row in rows]


def test_every_park_has_a_row_for_each_kind_of_destination(client):
    ParkFactory(slug="bare")

    assert distances(client.get("/en/parks/bare/")) == [
        "Port Not stated",
        "Airport Not stated",
        "Railway Not stated",
        "Expressway Not stated",
        "City Not stated",
    ]


def test_distances_stand_by_kind_and_then_by_distance(client):
    park = ParkFactory(slug="lingang")
    for mode, name, km, minutes in (
        ("city", "Hong Kong", 169, None),
        ("border", "Hengqin", 120, None),
        ("city", "Shenzhen", None, 90),
        ("airport", "Baiyun", 64, None),
        ("city", "Zhaoqing", 32, None),
    ):
        TransportLinkFactory(
            park=park, mode=mode, name_en=name, distance_km=km, minutes=minutes, measure="road"
        )

    assert distances(client.get("/en/parks/lingang/")) == [
        "Port Not stated",
        "Airport",
        "Baiyun 64 km Not stated By road",
        "Railway Not stated",
        "Expressway Not stated",
        "City",
        "Zhaoqing 32 km Not stated By road",
        "Hong Kong 169 km Not stated By road",
        "Shenzhen Not stated 90 minutes By road",
        "Border crossing",
        "Hengqin 120 km Not stated By road",
    ]


def test_figures_that_no_source_states_are_counted(client):
    ParkFactory(slug="lingang", planned_area=MU * 1355)

    page = text(client.get("/en/parks/lingang/"))

    assert "3 of 4 figures are not stated by any source we have read." in page


def test_without_an_officer_the_cluster_answers(client):
    ParkFactory(slug="lingang")
    site = SiteSettings.current()
    site.contact = ContactFactory(organisation_en="Bureau of the cluster")
    site.save()

    page = text(client.get("/en/parks/lingang/"))
    assert "Bureau of the cluster" in page
    assert "This desk receives inquiries for the whole cluster." in page


def test_an_officer_of_the_park_answers_for_the_park_alone(client):
    ParkFactory(slug="lingang", officer=ContactFactory(organisation_en="Committee of the park"))
    site = SiteSettings.current()
    site.contact = ContactFactory(organisation_en="Bureau of the cluster")
    site.save()

    page = text(client.get("/en/parks/lingang/"))
    assert "Committee of the park" in page
    assert "the whole cluster" not in page


@hidden_in_every_way
def test_a_park_page_names_nothing_that_is_hidden(client, hidden):
    park = ParkFactory(slug="lingang")
    park.industries.add(IndustryFactory(name_en="Canary industry", **hidden))
    ProjectFactory(park=park, name_en="Canary project", **hidden)
    PostFactory(title_en="Canary post", **hidden).parks.add(park)
    StatisticFactory(
        park=park,
        district=None,
        indicator__name_en="Canary figure",
        **{f"indicator__{name}": value for name, value in hidden.items()},
    )

    assert "Canary" not in client.get("/en/parks/lingang/").content.decode()


def test_a_park_page_leads_to_its_industries_projects_and_posts(client):
    park = ParkFactory(slug="lingang")
    park.industries.add(IndustryFactory(slug="vehicles"))
    ProjectFactory(slug="plant", park=park)
    PostFactory(slug="opening").parks.add(park)
    ProjectFactory(slug="elsewhere")

    found = links(client.get("/en/parks/lingang/"))

    assert {"/en/industries/vehicles/", "/en/projects/plant/", "/en/news/opening/"} <= found
    assert "/en/projects/elsewhere/" not in found


@pytest.mark.parametrize(
    "path", ["/en/parks/", "/zh-hans/parks/?district=dinghu", "/en/industries/"]
)
def test_lists_cost_the_same_with_one_row_and_with_three(client, path):
    district = DistrictFactory(slug="dinghu")
    full_park("one", district=district)
    one = queries(client, path)
    full_park("two", district=district)
    full_park("three", district=district)
    three = queries(client, path)

    assert len(one) == len(three) <= 8, "\n".join(three)


@pytest.mark.parametrize("path", ["/en/parks/one/", "/zh-hant/industries/vehicles/"])
def test_pages_cost_the_same_with_few_related_rows_and_with_many(client, path):
    industry = IndustryFactory(slug="vehicles")
    park = full_park("one")
    park.industries.add(industry)
    ProjectFactory(industry=industry)
    ChainLinkFactory(industry=industry, source=SourceFactory())
    few = queries(client, path)
    for _number in range(3):
        other = full_park(f"other-{_number}")
        other.industries.add(industry)
        park.industries.add(IndustryFactory())
        ParkPointFactory(park=park, source=SourceFactory())
        ParkImageFactory(park=park)
        StatisticFactory(park=park, district=None)
        ProjectFactory(park=park, industry=industry)
        ChainLinkFactory(industry=industry, source=SourceFactory())
        PostFactory().industries.add(industry)
        PostFactory().parks.add(park)
    many = queries(client, path)

    assert len(few) == len(many) <= 8, "\n".join(many)


def test_industries_count_their_public_parks(client):
    industry = IndustryFactory(name_en="Vehicles")
    for park in (ParkFactory(), ParkFactory(), ParkFactory(status="draft")):
        park.industries.add(industry)

    assert "2 parks" in text(client.get("/en/industries/"))


@hidden_in_every_way
def test_a_hidden_industry_is_nowhere(client, hidden):
    industry = IndustryFactory(slug="secret", name_en="Canary", **hidden)
    ParkFactory(slug="lingang").industries.add(industry)

    for path in ("/en/", "/en/industries/", "/en/parks/", "/en/parks/lingang/", "/en/projects/"):
        assert "Canary" not in client.get(path).content.decode(), path
    assert client.get("/en/industries/secret/").status_code == 404


def test_an_industry_page_sorts_its_chain_by_what_is_here(client):
    industry = IndustryFactory(slug="vehicles")
    ChainLinkFactory(industry=industry, name_en="Chips", state="missing")
    ChainLinkFactory(industry=industry, name_en="Batteries", state="present")

    page = text(client.get("/en/industries/vehicles/"))

    assert page.index("Here today") < page.index("Batteries")
    assert page.index("Batteries") < page.index("Still missing") < page.index("Chips")


@hidden_in_every_way
def test_an_industry_page_names_nothing_that_is_hidden(client, hidden):
    industry = IndustryFactory(slug="vehicles")
    ParkFactory(name_en="Canary park", **hidden).industries.add(industry)
    ProjectFactory(name_en="Canary project", industry=industry, **hidden)
    PostFactory(title_en="Canary post", **hidden).industries.add(industry)

    assert "Canary" not in client.get("/en/industries/vehicles/").content.decode()


@hidden_in_every_way
def test_a_project_elsewhere_names_no_hidden_park(client, hidden):
    industry = IndustryFactory(slug="vehicles")
    ProjectFactory(
        slug="plant", industry=industry, park=ParkFactory(name_en="Canary park", **hidden)
    )

    for path in ("/en/", "/en/projects/", "/en/projects/plant/", "/en/industries/vehicles/"):
        assert "Canary" not in client.get(path).content.decode(), path


@hidden_in_every_way
def test_a_project_names_no_hidden_industry(client, hidden):
    park = ParkFactory(slug="lingang")
    ProjectFactory(slug="plant", park=park, industry=IndustryFactory(name_en="Canary", **hidden))

    for path in ("/en/", "/en/projects/", "/en/projects/plant/", "/en/parks/lingang/"):
        assert "Canary" not in client.get(path).content.decode(), path
