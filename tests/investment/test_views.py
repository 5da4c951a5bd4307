"""What a visitor reads about projects and figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.partial_dates import PartialDate
from investment.models import Stage
from tests.factories import (
    CitationFactory,
    ContactFactory,
    DistrictFactory,
    IndicatorFactory,
    IndustryFactory,
    MilestoneFactory,
    ParkFactory,
    PostFactory,
    ProjectFactory,
    SourceFactory,
    StatisticFactory,
)
from tests.reading import links, queries, soup, text

pytestmark = pytest.mark.django_db

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


def full_project(slug: str, **values: object):
    """A project with everything that its page shows."""
    values.setdefault("park", ParkFactory(officer=ContactFactory()))
    project = ProjectFactory(
        slug=slug, promised_investment=Decimal(500_000_000), land_area=1000, **values
    )
    MilestoneFactory(project=project, source=SourceFactory())
    CitationFactory(record=project, field="promised_investment")
    PostFactory().projects.add(project)
    return project


def shown(response) -> set[str]:
    """Slugs of the projects that a page leads to."""
    start = "/en/projects/"
    return {link[len(start) : -1] for link in links(response) if link.startswith(start)} - {""}


def test_the_list_shows_projects_with_stage_industry_and_promise(client):
    project = ProjectFactory(
        name_en="Battery plant",
        investor_en="Battery Company",
        industry=IndustryFactory(name_en="Batteries"),
        promised_investment=Decimal(500_000_000),
    )
    MilestoneFactory(project=project, kind=Stage.STARTED, date=PartialDate(2022, 4))

    page = text(client.get("/en/projects/"))

    for words in (
        "1 project",
        "Battery plant",
        "Battery Company",
        "Batteries",
        "RMB 500 million",
        "Construction started",
        "April 2022",
        "Promised",
    ):
        assert words in page


def test_totals_are_of_the_filtered_projects_and_say_what_they_cover(client):
    industry = IndustryFactory(slug="vehicles")
    ProjectFactory(industry=industry, promised_investment=Decimal(200_000_000))
    ProjectFactory(industry=industry)
    ProjectFactory(promised_investment=Decimal(900_000_000))

    page = text(client.get("/en/projects/?industry=vehicles"))

    assert "2 projects" in page
    assert "Promised investment at least 200 million RMB" in page
    assert "Land Not stated" in page
    assert "Sum of the 1 of 2 projects that state it" in page
    assert "at least 1.1 billion RMB" in text(client.get("/en/projects/"))


def test_a_total_that_every_project_states_is_exact(client):
    ProjectFactory(promised_investment=Decimal(200_000_000), land_area=Decimal(2000) / 3)

    page = text(client.get("/en/projects/"))

    assert "200 million RMB" in page
    assert "at least" not in page


def test_hidden_projects_are_in_no_total(client):
    ProjectFactory(promised_investment=Decimal(200_000_000))
    ProjectFactory(promised_investment=Decimal(900_000_000), status="draft")

    page = text(client.get("/en/projects/"))

    assert "1 project" in page
    assert "RMB 200 million" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("industry=vehicles", {"one"}),
        ("park=lingang", {"one"}),
        ("status=production", {"two"}),
        ("year=2022", {"one"}),
        ("year=2024", {"two"}),
        ("industry=vehicles&status=production", set()),
        ("", {"one", "two"}),
    ],
)
def test_each_filter_leaves_what_it_names(client, query, found):
    one = ProjectFactory(
        slug="one", industry=IndustryFactory(slug="vehicles"), park=ParkFactory(slug="lingang")
    )
    MilestoneFactory(project=one, kind=Stage.SIGNED, date=PartialDate(2022, 4))
    two = ProjectFactory(slug="two")
    MilestoneFactory(project=two, kind=Stage.PRODUCTION, date=PartialDate(2024))

    assert shown(client.get(f"/en/projects/?{query}")) == found


@pytest.mark.parametrize(
    "query", ["industry=nothing", "park=x", "status=dreamt", "year=1066", "year=20", "year=%25"]
)
def test_a_filter_that_is_not_understood_is_left_out_and_says_so(client, query):
    ProjectFactory(slug="one")

    response = client.get(f"/en/projects/?{query}")

    assert response.status_code == 200
    assert shown(response) == {"one"}
    assert "was not understood" in text(response)


@hidden_in_every_way
def test_a_hidden_project_is_nowhere(client, hidden):
    industry, park = IndustryFactory(slug="vehicles"), ParkFactory(slug="lingang")
    project = ProjectFactory(
        slug="secret", name_en="Canary", industry=industry, park=park, **hidden
    )
    MilestoneFactory(project=project, date=PartialDate(1999))
    PostFactory(slug="opening").projects.add(project)
    ProjectFactory(slug="other", industry=industry, park=park)

    for path in (
        "/en/",
        "/en/projects/",
        "/en/projects/other/",
        "/en/parks/lingang/",
        "/en/industries/vehicles/",
        "/en/news/opening/",
        "/en/history/",
    ):
        content = client.get(path).content.decode()
        assert "Canary" not in content, path
        assert "/projects/secret/" not in content, path
        assert "1999" not in content, path
    response = client.get("/en/projects/secret/")
    assert response.status_code == 404
    assert "Canary" not in response.content.decode()


def test_a_project_page_sets_what_was_promised_beside_what_became_of_it(client):
    project = ProjectFactory(
        slug="plant",
        name_en="Battery plant",
        promised_investment=Decimal(500_000_000),
        realised_investment=Decimal(300_000_000),
        promised_jobs=800,
    )
    CitationFactory(record=project, field="promised_investment", kind="target")

    response = client.get("/en/projects/plant/")
    rows = {
        row.th.get_text(): [" ".join(cell.get_text(" ").split()) for cell in row.find_all("td")]
        for row in soup(response).select("table.table tbody tr")
    }

    investment = rows["Investment"]
    assert investment[0].startswith("RMB 500 million Target")
    assert "Bureau of Statistics" in investment[0]
    assert investment[1].startswith("RMB 300 million")
    assert rows["Jobs"][1] == "Not stated"


def test_milestones_are_dated_sourced_and_announced_ones_say_so(client):
    project = ProjectFactory(slug="plant")
    MilestoneFactory(
        project=project, kind=Stage.STARTED, date=PartialDate(2022, 4), source=SourceFactory()
    )
    MilestoneFactory(
        project=project,
        kind=Stage.PRODUCTION,
        date=PartialDate(2027),
        is_done=False,
        note_en="Planned by the company.",
    )

    response = client.get("/en/projects/plant/")
    page = text(response)

    assert page.index("April 2022") < page.index("2027")
    assert "Planned by the company." in page
    assert (
        soup(response).select_one(".page-head__kind").get_text().startswith("Construction started")
    )


def test_a_project_without_milestones_says_so(client):
    ProjectFactory(slug="plant")

    page = text(client.get("/en/projects/plant/"))

    assert "No milestone on record" in page
    assert "No source we have read dates a step of this project." in page


def test_other_projects_of_the_industry_are_related(client):
    industry = IndustryFactory()
    ProjectFactory(slug="plant", industry=industry)
    ProjectFactory(slug="other", industry=industry)
    ProjectFactory(slug="foreign")

    assert shown(client.get("/en/projects/plant/")) == {"other"}


@pytest.mark.parametrize("path", ["/en/projects/", "/zh-hans/projects/?industry=vehicles"])
def test_the_list_costs_the_same_with_one_project_and_with_three(client, path):
    industry = IndustryFactory(slug="vehicles")
    full_project("one", industry=industry)
    one = queries(client, path)
    for slug in ("two", "three"):
        full_project(slug, industry=industry, district=DistrictFactory())
    three = queries(client, path)

    assert len(one) == len(three) <= 8, "\n".join(three)


def test_a_project_page_costs_the_same_with_few_milestones_and_with_many(client):
    project = full_project("plant")
    full_project("other", industry=project.industry)
    few = queries(client, "/en/projects/plant/")
    for number in range(3):
        MilestoneFactory(project=project, source=SourceFactory())
        CitationFactory(record=project, field=f"realised_{['tax', 'jobs', 'output'][number]}")
        full_project(f"other-{number}", industry=project.industry)
        PostFactory().projects.add(project)
    many = queries(client, "/en/projects/plant/")

    assert len(few) == len(many) <= 8, "\n".join(many)


# --- Statistics


def nine_months(**values: object):
    return StatisticFactory(period_start=date(2022, 1, 1), period_end=date(2022, 9, 30), **values)


@pytest.mark.parametrize(
    ("language", "value", "period"),
    [
        ("en", "RMB 7.635 billion", "Jan–Sep 2022"),
        ("zh-hans", "76.35亿元", "2022年1—9月"),
        ("zh-hant", "76.35億元", "2022年1—9月"),
    ],
)
def test_a_figure_is_written_as_its_reader_writes_it(client, language, value, period):
    nine_months(indicator__decimals=3, change_percent=Decimal("12.5"))

    page = text(client.get(f"/{language}/statistics/"))

    assert value in page
    assert period in page
    assert "12.5" in page


def test_a_figure_names_place_kind_and_source(client):
    nine_months(
        kind="preliminary", district__name_en="Sihui", source__publisher_en="Statistics bureau"
    )

    page = text(client.get("/en/statistics/"))

    for words in ("Sihui", "Preliminary", "Statistics bureau"):
        assert words in page


def test_figures_are_grouped_by_topic_in_a_fixed_order(client):
    nine_months(indicator=IndicatorFactory(topic="trade", name_en="Exports"))
    nine_months(indicator=IndicatorFactory(topic="economy", name_en="GDP"))

    headings = [
        item.get_text() for item in soup(client.get("/en/statistics/")).select(".section h2")
    ]

    assert headings == ["Economy", "Trade"]


def test_a_series_of_years_has_a_chart_and_the_same_figures_as_a_table(client):
    indicator, district = IndicatorFactory(chart="bar", slug="gdp"), DistrictFactory()
    for year in (2022, 2023, 2024):
        StatisticFactory(
            indicator=indicator,
            district=district,
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
        )

    found = soup(client.get("/en/statistics/")).find(id="gdp")

    assert found.find("svg")
    assert len(found.select("tbody tr")) >= 3


@hidden_in_every_way
def test_figures_of_hidden_indicators_and_parks_are_nowhere(client, hidden):
    nine_months(indicator=IndicatorFactory(name_en="Canary", **hidden), headline_order=1)
    nine_months(district=None, park=ParkFactory(name_en="Canary", **hidden), headline_order=2)

    for path in ("/en/statistics/", "/en/"):
        assert "Canary" not in client.get(path).content.decode()


def test_without_figures_the_page_says_so(client):
    assert "No figure is published yet" in text(client.get("/en/statistics/"))


def test_statistics_cost_the_same_with_one_figure_and_with_many(client):
    nine_months()
    one = queries(client, "/en/statistics/")
    for _number in range(3):
        indicator = IndicatorFactory(chart="bar")
        nine_months(indicator=indicator)
        nine_months(indicator=indicator, district=None, park=ParkFactory())
    many = queries(client, "/en/statistics/")

    assert len(one) == len(many) <= 8, "\n".join(many)


def test_a_project_of_which_nothing_is_stated_says_so_in_one_sentence(client):
    ProjectFactory(slug="plant", name_en="Battery plant")

    response = client.get("/en/projects/plant/")

    assert "No source we have read states what was promised or realised." in text(response)
    assert not soup(response).select("table")


def test_milestones_without_a_date_stand_last(client):
    project = ProjectFactory(slug="plant")
    MilestoneFactory(project=project, kind=Stage.PRODUCTION, date=None, title_en="Undated")
    MilestoneFactory(project=project, kind=Stage.STARTED, date=PartialDate(2022, 4))

    page = text(client.get("/en/projects/plant/"))

    assert page.index("April 2022") < page.index("Date not stated")
