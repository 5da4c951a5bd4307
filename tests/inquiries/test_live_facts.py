"""Facts in approved words: value, unit, date and source, or plainly not stated."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core.partial_dates import PartialDate
from inquiries.live_facts import check_marks, fill
from inquiries.models import AnswerBlock
from publishing.models import Status
from tests.factories import (
    CitationFactory,
    IndicatorFactory,
    ParkFactory,
    ProjectFactory,
    SourceFactory,
    StatisticFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def park():
    """A park with a planned area of a plan, and nothing else that is known."""
    park = ParkFactory(name_en="Lingang Park", name_zh_hans="临港园", planned_area=47_330_000)
    source = SourceFactory(
        publisher_en="City Daily", publisher_zh_hans="城市日报", published=PartialDate(2023, 10, 27)
    )
    CitationFactory(
        record=park, field="planned_area", source=source, kind="target", as_of=PartialDate(2022)
    )
    return park


def test_a_fact_comes_with_unit_kind_date_and_source(park):
    filled = fill("{{ park.name }} covers {{ park.planned_area }}.", "en", park, None)
    assert filled.text == (
        "Lingang Park covers 47.33 km² (Target; as of 2022; source: City Daily, 27 October 2023)."
    )
    assert filled.missing == []


def test_a_fact_speaks_the_language_of_the_reply(park):
    text = fill("{{ park.name }}规划{{ park.planned_area }}", "zh-hans", park, None).text
    for words in ("临港园", "47.33平方公里", "目标", "2022年", "城市日报"):
        assert words in text


def test_what_no_source_states_is_visible_and_named(park):
    filled = fill("Developed: {{ park.developed_area }}", "en", park, None)
    assert filled.text == "Developed: [Developed area: Not stated]"
    assert filled.missing == ["Developed area"]


def test_without_a_park_or_project_nothing_is_made_up():
    filled = fill("{{ park.name }} {{ project.promised_investment }}", "en", None, None)
    assert filled.text == "[park: Not stated] [Promised investment: Not stated]"
    assert len(filled.missing) == 2


def test_a_figure_without_a_source_says_so():
    project = ProjectFactory(promised_investment=Decimal(8_000_000_000))
    text = fill("{{ project.promised_investment }}", "en", None, project).text
    assert text == "RMB 8 billion (no source given)"


def test_what_visitors_may_not_see_is_not_told(park):
    type(park).objects.filter(pk=park.pk).update(status=Status.DRAFT)
    filled = fill("{{ park.planned_area }}", "en", park, None)
    assert "47" not in filled.text


def test_a_figure_of_the_cluster_is_the_newest_that_is_no_promise():
    indicator = IndicatorFactory(slug="output", name_en="Output", unit="yuan")
    for year, value, kind in [(2024, 1, "actual"), (2025, 2, "actual"), (2030, 9, "target")]:
        StatisticFactory(
            indicator=indicator,
            value=value * 10**9,
            kind=kind,
            period_start=date(year, 1, 1),
            source__publisher_en="Bureau",
        )
    text = fill("{{ cluster.output }}", "en", None, None).text
    assert text == "RMB 2 billion (as of 2025; source: Bureau)"


def test_an_indicator_without_figures_is_not_stated():
    IndicatorFactory(slug="wages", name_en="Wages")
    assert fill("{{cluster.wages}}", "en", None, None).text == "[Wages: Not stated]"


@pytest.mark.parametrize(
    "mark",
    ["park.price", "park.officer", "cluster.nothing", "inquiry.secret", "park", "", "park.pk"],
)
def test_a_mark_that_stands_for_nothing_is_refused(mark):
    with pytest.raises(ValidationError, match=mark or "{{ }}"):
        check_marks(f"Words {{{{ {mark} }}}}")


@pytest.mark.parametrize("text", ["{{ park.name", "park.name }}", "{{ park.name } }"])
def test_half_a_mark_is_refused(text):
    with pytest.raises(ValidationError):
        check_marks(text)


def test_a_block_names_the_wrong_mark_at_its_language():
    block = AnswerBlock(title_en="Land", text_en="{{ park.name }}", text_zh_hans="{{ park.preis }}")
    with pytest.raises(ValidationError) as caught:
        block.full_clean()
    assert "park.preis" in str(caught.value.message_dict["text_zh_hans"])
    assert "text_en" not in caught.value.message_dict
