"""Figures become tables, and series of years that are long enough become charts."""

from datetime import date
from decimal import Decimal

import pytest

from investment.models import Indicator, Statistic
from investment.series import indicator_tables, is_whole_year
from tests.factories import DistrictFactory, IndicatorFactory, StatisticFactory

pytestmark = pytest.mark.django_db


def years(indicator: Indicator, district, *numbers: int) -> None:
    for number in numbers:
        StatisticFactory(
            indicator=indicator,
            district=district,
            period_start=date(number, 1, 1),
            period_end=date(number, 12, 31),
            value=Decimal(number),
        )


def tables():
    return indicator_tables(Indicator.objects.prefetch_related("statistics"))


def charted(number: int = 0) -> list[str]:
    return [row.period for row in tables()[number].charted]


def test_an_indicator_without_figures_has_no_table():
    IndicatorFactory()

    assert tables() == []


def test_rows_are_sorted_by_place_and_then_by_time():
    indicator = IndicatorFactory()
    years(indicator, DistrictFactory(name_en="B"), 2023, 2022)
    years(indicator, DistrictFactory(name_en="A"), 2024)

    assert [(str(row.place), row.period) for row in tables()[0].rows] == [
        ("A", "2024"),
        ("B", "2022"),
        ("B", "2023"),
    ]


def test_three_years_of_one_place_are_a_series():
    years(IndicatorFactory(chart="bar"), DistrictFactory(), 2022, 2023, 2024)

    assert charted() == ["2022", "2023", "2024"]


@pytest.mark.parametrize("numbers", [(2022,), (2022, 2023)])
def test_fewer_are_none(numbers):
    years(IndicatorFactory(chart="bar"), DistrictFactory(), *numbers)

    assert charted() == []


def test_an_indicator_that_wants_no_chart_gets_none():
    years(IndicatorFactory(chart="none"), DistrictFactory(), 2022, 2023, 2024)

    assert charted() == []


def test_the_place_with_the_longest_series_is_charted():
    indicator = IndicatorFactory(chart="line")
    years(indicator, DistrictFactory(name_en="A"), 2022, 2023, 2024)
    years(indicator, DistrictFactory(name_en="B"), 2021, 2022, 2023, 2024)

    assert charted() == ["2021", "2022", "2023", "2024"]


def test_parts_of_a_year_never_stand_beside_years():
    indicator, district = IndicatorFactory(chart="bar"), DistrictFactory()
    years(indicator, district, 2020, 2021)
    StatisticFactory(
        indicator=indicator,
        district=district,
        period_start=date(2022, 1, 1),
        period_end=date(2022, 9, 30),
    )

    assert charted() == []


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        (date(2022, 1, 1), date(2022, 12, 31), True),
        (date(2022, 1, 1), date(2022, 12, 30), False),
        (date(2022, 1, 2), date(2022, 12, 31), False),
        (date(2021, 1, 1), date(2022, 12, 31), False),
        (date(2022, 12, 31), date(2022, 12, 31), False),
    ],
)
def test_a_whole_year_runs_from_its_first_day_to_its_last(start, end, whole):
    assert is_whole_year(Statistic(period_start=start, period_end=end)) is whole


def test_tables_need_no_query_of_their_own(django_assert_num_queries):
    indicator, district = IndicatorFactory(), DistrictFactory()
    years(indicator, district, 2022, 2023, 2024)
    related = ("statistics__source", "statistics__district", "statistics__park")
    indicators = list(Indicator.objects.prefetch_related(*related))

    with django_assert_num_queries(0):
        assert len(indicator_tables(indicators)[0].rows) == 3
