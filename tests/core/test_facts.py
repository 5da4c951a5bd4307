"""A figure as a page shows it."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from core.facts import FLOOR, make_fact, missing_facts_note, not_stated_fact, record_fact
from core.measures import Unit
from core.partial_dates import PartialDate
from core.provenance import FactState, Qualifier, ValueKind
from parks.models import Park
from tests.factories import CitationFactory, ParkFactory, SourceFactory, StatisticFactory

MU = Decimal(2000) / 3


def citation(**values: object):
    return CitationFactory.build(source=SourceFactory.build(), **values)


def rendered(fact, variant: str = "row") -> BeautifulSoup:
    html = render_to_string("components/_fact.html", {"fact": fact, "variant": variant})
    return BeautifulSoup(html, "html.parser")


def test_a_figure_has_value_unit_date_and_source():
    evidence = citation()
    fact = make_fact("Investment", Decimal(7_635_000_000), Unit.YUAN, evidence, "Jan–Sep 2022")

    assert fact.value == "RMB 7.635 billion"
    assert (fact.is_stated, fact.as_of, fact.source) == (True, "Jan–Sep 2022", evidence.source)
    assert fact.number in fact.value


@pytest.mark.parametrize(
    ("language", "value"),
    [("en", "RMB 7.635 billion"), ("zh-hans", "76.35亿元"), ("zh-hant", "76.35億元")],
)
def test_a_figure_is_written_as_its_reader_writes_it(language, value):
    with translation.override(language):
        assert make_fact("", Decimal(7_635_000_000), Unit.YUAN, citation()).value == value


def test_what_no_source_states_is_neither_blank_nor_zero():
    fact = make_fact("Land", None, Unit.M2, None)

    assert fact.state is FactState.NOT_STATED
    assert not fact.is_stated
    assert fact.value.strip()
    assert "0" not in fact.value


def test_zero_is_a_figure():
    fact = make_fact("Jobs", 0, Unit.JOB, citation())

    assert fact.is_stated
    assert "0" in fact.value


def test_a_value_without_evidence_says_that_it_has_no_source():
    fact = make_fact("Land", MU * 1355, Unit.M2, None)

    assert fact.state is FactState.UNSOURCED
    assert fact.source is None


@pytest.mark.parametrize("kind", [kind for kind in ValueKind if kind is not ValueKind.ACTUAL])
def test_whatever_is_no_actual_says_so(kind):
    fact = make_fact("Output", Decimal(1), Unit.YUAN, citation(kind=kind))

    assert fact.kind is kind
    assert fact.kind_label == kind.label


@pytest.mark.parametrize("unit", [Unit.M2, FLOOR])
def test_an_area_is_planned_and_no_target(unit):
    fact = make_fact("Land", MU * 1355, unit, citation(kind=ValueKind.TARGET))

    assert (fact.kind, fact.kind_label) == (ValueKind.TARGET, "Planned")


def test_an_actual_needs_no_label():
    assert make_fact("Output", Decimal(1), Unit.YUAN, citation()).kind_label == ""


def test_a_promise_is_a_target_or_a_forecast():
    assert {kind for kind in ValueKind if kind.is_promise} == {
        ValueKind.TARGET,
        ValueKind.FORECAST,
    }


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("qualifier", [item for item in Qualifier if item != Qualifier.EXACT])
def test_the_words_of_the_source_about_a_number_are_kept(language, qualifier):
    with translation.override(language):
        fact = make_fact("Area", Decimal(992_000_000), Unit.M2, citation(qualifier=qualifier))
        exact = make_fact("Area", Decimal(992_000_000), Unit.M2, citation())

    assert len(fact.value) > len(exact.value)
    assert "992" in fact.number
    assert fact.value != exact.value


def test_a_date_is_a_figure_too():
    fact = make_fact("Founded", PartialDate(2012, 10), Unit.COUNT, citation())

    assert (fact.value, fact.unit) == ("October 2012", "")


@pytest.mark.parametrize(
    ("verified", "state", "warns"),
    [
        (date.today(), FactState.CURRENT, False),
        (date(2020, 1, 1), FactState.OVERDUE, True),
    ],
)
@pytest.mark.django_db
def test_an_old_figure_warns(verified, state, warns):
    park = ParkFactory(planned_area=MU * 1355)
    CitationFactory(record=park, field="planned_area", verified_on=verified, review_every_days=365)
    fact = record_fact(park, "planned_area")

    assert fact.state is state
    assert bool(fact.state_label) is warns


@pytest.mark.django_db
def test_the_figure_of_a_record_takes_label_unit_and_source_from_it():
    park = ParkFactory(planned_area=MU * 1355)
    CitationFactory(
        record=park, field="planned_area", as_of=PartialDate(2022), kind=ValueKind.TARGET
    )
    fact = record_fact(park, "planned_area")

    assert fact.label == "Planned area"
    assert "1,355 mu" in fact.value
    assert fact.as_of == "2022"
    assert fact.kind is ValueKind.TARGET


@pytest.mark.django_db
def test_figures_of_fetched_records_cost_no_query(django_assert_num_queries):
    CitationFactory(record=ParkFactory(planned_area=1000), field="planned_area")
    park = Park.objects.with_citations().get()

    with django_assert_num_queries(0):
        assert record_fact(park, "planned_area").source.publisher_en == "Bureau of Statistics"


@pytest.mark.django_db
def test_a_statistic_is_a_fact_of_its_period():
    fact = StatisticFactory(
        indicator__name_en="Signed investment",
        period_start=date(2022, 1, 1),
        period_end=date(2022, 9, 30),
        value=Decimal(7_635_000_000),
        indicator__decimals=3,
    ).fact()

    assert (fact.label, fact.value, fact.as_of) == (
        "Signed investment",
        "RMB 7.635 billion",
        "Jan–Sep 2022",
    )


def test_a_note_counts_what_is_not_stated():
    stated = make_fact("Land", Decimal(1), Unit.M2, citation())

    assert missing_facts_note([stated, not_stated_fact("Founded")]) == (
        "1 of 2 figures are not stated by any source we have read."
    )
    assert missing_facts_note([stated]) == ""


def test_a_page_shows_value_date_kind_and_source():
    fact = make_fact(
        "Output", Decimal(8_915_000_000), Unit.YUAN, citation(kind=ValueKind.TARGET), "2022"
    )
    row = rendered(fact)

    assert row.dt.get_text() == "Output"
    words = " ".join(row.get_text(" ").split())
    assert "8.915 billion" in words
    assert "RMB" in words
    assert "As of 2022" in words
    assert "Target" in words
    assert "Bureau of Statistics" in words
    assert row.div["class"] == ["fact", "fact--row", "fact--target", "fact--current"]


def test_a_page_says_not_stated_and_shows_no_source():
    row = rendered(not_stated_fact("Founded"), "big")

    assert "Not stated" in row.dd.get_text()
    assert row.find("details") is None
    assert "fact--big" in row.div["class"]


def test_markup_in_a_label_is_escaped():
    assert rendered(not_stated_fact("<b>x</b>")).find("b") is None


@pytest.mark.django_db
def test_a_template_names_record_and_field():
    park = ParkFactory(planned_area=MU * 1355)
    template = Template(
        '{% load facts %}{% fact_of park "planned_area" as area %}'
        "{{ area.label }}: {{ area.value }}"
    )

    assert template.render(Context({"park": park})) == "Planned area: 1,355 mu (90.33 ha)"
