"""Projects, their milestones, indicators and figures keep their rules."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import translation

from core.partial_dates import PartialDate
from investment.models import Project, ProjectMilestone, Stage, Statistic
from tests.factories import (
    DistrictFactory,
    IndicatorFactory,
    IndustryFactory,
    MilestoneFactory,
    ParkFactory,
    ProjectFactory,
    SourceFactory,
    StatisticFactory,
)
from tests.rules import assert_accepted, assert_refused

pytestmark = pytest.mark.django_db

YEAR = {"period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31)}


def new_project(**values: object) -> Project:
    return ProjectFactory.build(industry=IndustryFactory(), **values)


def new_statistic(**values: object) -> Statistic:
    related = {"indicator": IndicatorFactory, "source": SourceFactory, "district": DistrictFactory}
    for name, factory in related.items():
        if name not in values:
            values[name] = factory()
    return StatisticFactory.build(**{**YEAR, **values})


# --- Stages


def test_stages_are_in_the_order_of_a_projects_life():
    assert [stage.rank for stage in Stage] == list(range(7))
    assert Stage.SIGNED.rank < Stage.STARTED.rank < Stage.PRODUCTION.rank


def test_a_project_without_milestones_has_no_stage():
    project = ProjectFactory()

    assert (project.stage, project.stage_date, project.stage_label) == ("", None, "")


def test_the_stage_is_the_last_milestone_that_is_done():
    project = ProjectFactory()
    MilestoneFactory(project=project, kind=Stage.STARTED, date=PartialDate(2023, 3))
    MilestoneFactory(project=project, kind=Stage.SIGNED, date=PartialDate(2022, 4))
    MilestoneFactory(project=project, kind=Stage.PRODUCTION, date=PartialDate(2027), is_done=False)
    project.refresh_from_db()

    assert (project.stage, project.stage_date) == ("started", PartialDate(2023, 3))
    assert project.stage_label == "Construction started"


def test_an_extension_does_not_set_a_working_plant_back():
    project = ProjectFactory()
    MilestoneFactory(project=project, kind=Stage.PRODUCTION, date=PartialDate(2019))
    MilestoneFactory(project=project, kind=Stage.STARTED, date=PartialDate(2023))
    project.refresh_from_db()

    assert project.stage == Stage.PRODUCTION


def test_of_two_milestones_of_a_kind_the_later_counts():
    project = ProjectFactory()
    MilestoneFactory(project=project, kind=Stage.STARTED, date=PartialDate(2023, 5))
    MilestoneFactory(project=project, kind=Stage.STARTED, date=PartialDate(2021))
    MilestoneFactory(project=project, kind=Stage.STARTED, date=None)
    project.refresh_from_db()

    assert project.stage_date == PartialDate(2023, 5)


def test_a_milestone_that_is_deleted_or_undone_takes_the_stage_back():
    project = ProjectFactory()
    MilestoneFactory(project=project, kind=Stage.SIGNED)
    started = MilestoneFactory(project=project, kind=Stage.STARTED)
    trial = MilestoneFactory(project=project, kind=Stage.TRIAL)

    trial.is_done = False
    trial.save()
    project.refresh_from_db()
    assert project.stage == Stage.STARTED

    started.delete()
    project.refresh_from_db()
    assert project.stage == Stage.SIGNED


def test_milestones_go_with_their_project():
    MilestoneFactory().project.delete()

    assert not ProjectMilestone.objects.exists()


# --- Projects


@pytest.mark.parametrize("consent", ["public_source", "written"])
def test_a_project_is_published_with_consent(consent):
    assert_accepted(new_project(consent=consent))


def test_a_project_without_consent_cannot_be_published():
    assert_refused(
        new_project(consent="withheld"),
        "State on what grounds this project may be published before publishing it.",
    )


@pytest.mark.parametrize("status", ["draft", "in_review", "archived"])
def test_a_project_without_consent_may_be_prepared(status):
    assert_accepted(new_project(consent="withheld", status=status))


def test_a_new_project_has_no_consent_yet():
    assert Project().consent == Project.Consent.WITHHELD


@pytest.mark.parametrize(
    "field",
    [
        "promised_investment",
        "realised_investment",
        "promised_output",
        "realised_output",
        "promised_tax",
        "realised_tax",
    ],
)
def test_money_is_not_negative(field):
    assert_accepted(new_project(**{field: Decimal(0)}))
    with pytest.raises(ValidationError) as refusal:
        new_project(slug="other", **{field: Decimal("-0.01")}).full_clean()
    assert field in refusal.value.message_dict


def test_an_industry_with_projects_cannot_be_deleted():
    with pytest.raises(ProtectedError):
        ProjectFactory().industry.delete()


def test_totals_say_how_many_projects_they_cover(django_assert_num_queries):
    ProjectFactory(promised_investment=1000, land_area=10)
    ProjectFactory(promised_investment=500)
    ProjectFactory()

    with django_assert_num_queries(1):
        totals = Project.objects.totals()

    assert totals == {
        "projects": 3,
        "investment": 1500,
        "investment_stated": 2,
        "land": 10,
        "land_stated": 1,
    }


def test_totals_of_nothing_are_not_stated():
    assert Project.objects.totals() == {
        "projects": 0,
        "investment": None,
        "investment_stated": 0,
        "land": None,
        "land_stated": 0,
    }


def test_years_are_those_of_the_last_milestones(django_assert_num_queries):
    for moment in (PartialDate(2022, 4), PartialDate(2024), PartialDate(2022, 9, 1)):
        MilestoneFactory(date=moment)
    ProjectFactory()

    with django_assert_num_queries(1):
        assert Project.objects.milestone_years() == ["2024", "2022"]


# --- Indicators and figures


def test_a_figure_belongs_to_a_district_or_to_a_park():
    assert_accepted(new_statistic())
    assert_accepted(new_statistic(district=None, park=ParkFactory()))


@pytest.mark.parametrize("both", [True, False])
def test_a_figure_of_two_places_or_none_is_refused(both):
    place = {"park": ParkFactory()} if both else {"district": None}

    assert_refused(new_statistic(**place), "A figure belongs to one district or one park.")


def test_a_figure_may_hold_on_one_day():
    assert_accepted(new_statistic(period_start=date(2022, 9, 30), period_end=date(2022, 9, 30)))


def test_a_period_that_ends_before_it_begins_is_refused():
    assert_refused(
        new_statistic(period_start=date(2022, 9, 30), period_end=date(2022, 9, 29)),
        "The period ends before it begins.",
    )


@pytest.mark.parametrize("place", ["district", "park"])
def test_there_is_one_figure_of_a_kind_for_place_and_period(place):
    where = {"district": None, "park": None, place: None}
    where[place] = DistrictFactory() if place == "district" else ParkFactory()
    first = StatisticFactory(**YEAR, **where)
    same = {"indicator": first.indicator, **where}

    assert_accepted(new_statistic(kind="target", **same))
    assert_accepted(new_statistic(**same, period_start=date(2022, 7, 1)))
    assert_refused(
        new_statistic(**same),
        "There is already a figure of this kind for this place and period.",
    )


@pytest.mark.parametrize(
    ("language", "period"),
    [("en", "Jan–Sep 2022"), ("zh-hans", "2022年1—9月"), ("zh-hant", "2022年1—9月")],
)
def test_a_period_is_written_in_the_readers_language(language, period):
    statistic = new_statistic(period_end=date(2022, 9, 30))

    with translation.override(language):
        assert statistic.period == period


def test_a_figure_is_called_by_indicator_and_period():
    assert str(new_statistic(indicator=IndicatorFactory(name_en="GDP"))) == "GDP 2022"


def test_a_figure_knows_its_place():
    park, district = ParkFactory(), DistrictFactory()

    assert new_statistic(district=district).place == district
    assert new_statistic(district=None, park=park).place == park


def test_figures_of_hidden_indicators_and_parks_are_hidden():
    shown = StatisticFactory()
    StatisticFactory(indicator__status="draft")
    StatisticFactory(district=None, park=ParkFactory(status="archived"))

    assert list(Statistic.objects.public()) == [shown]


def test_key_figures_are_public_and_in_their_order(django_assert_num_queries):
    second = StatisticFactory(headline_order=2)
    first = StatisticFactory(headline_order=1)
    StatisticFactory(headline_order=None)
    StatisticFactory(headline_order=3, indicator__status="draft")

    with django_assert_num_queries(1):
        found = list(Statistic.objects.headlines())
        assert all(item.fact().value for item in found)

    assert found == [first, second]
