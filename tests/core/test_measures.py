"""Numbers and periods in the reader's language."""

import datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from core.measures import (
    SCALES,
    UNIT_WORDS,
    Unit,
    format_area,
    format_change,
    format_floor_area,
    format_money,
    format_number,
    format_value,
    mu_to_square_metres,
    period_label,
    split_value,
    square_metres_to_mu,
)
from core.partial_dates import PartialDate
from core.provenance import Qualifier

LANGUAGES = ("en", "zh-hans", "zh-hant")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (7_635_000_000, ("RMB 7.635 billion", "76.35亿元", "76.35億元")),
        (445_000_000, ("RMB 445 million", "4.45亿元", "4.45億元")),
        (8_915_000_000, ("RMB 8.915 billion", "89.15亿元", "89.15億元")),
        (2_500_000, ("RMB 2.5 million", "250万元", "250萬元")),
        (350_000, ("RMB 350,000", "35万元", "35萬元")),
        (Decimal("0.65"), ("RMB 0.65", "0.65元", "0.65元")),
        (1_350_000_000_000, ("RMB 1.35 trillion", "1.35万亿元", "1.35萬億元")),
        (0, ("RMB 0", "0元", "0元")),
        (-2_500_000, ("RMB −2.5 million", "−250万元", "−250萬元")),
    ],
)
def test_money(value, shown):
    assert tuple(format_money(value, language) for language in LANGUAGES) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal("903333.33"), ("1,355 mu (90.33 ha)", "1355亩", "1355畝")),
        (Decimal("8333.33"), ("12.5 mu (0.83 ha)", "12.5亩", "12.5畝")),
        (Decimal(2_880_600), ("4,320.9 mu (288.06 ha)", "4320.9亩", "4320.9畝")),
        (Decimal(8_000_000), ("12,000 mu (800 ha)", "1.2万亩", "1.2萬畝")),
        (Decimal(992_000_000), ("992 km²", "992平方公里", "992平方公里")),
        (Decimal(10_000_000), ("10 km²", "10平方公里", "10平方公里")),
        (Decimal(115_350_000), ("115.35 km²", "115.35平方公里", "115.35平方公里")),
    ],
)
def test_land(value, shown):
    assert tuple(format_area(value, language) for language in LANGUAGES) == shown
    assert tuple(format_value(value, Unit.M2, language) for language in LANGUAGES) == shown


def test_floor_space_is_not_counted_in_mu():
    assert format_floor_area(120_000, "en") == "120,000 m²"
    assert format_floor_area(120_000, "zh-hans") == "12万平方米"
    assert format_floor_area(None, "en") == "Not stated"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (4_133_800, Unit.PERSON, ("4.13 million", "413.38万人", "413.38萬人")),
        (9_876, Unit.PERSON, ("9,876 people", "9876人", "9876人")),
        (12_345, Unit.JOB, ("12,345 jobs", "1.2345万个岗位", "1.2345萬個崗位")),
        (23, Unit.PROJECT, ("23 projects", "23项", "23項")),
        (1, Unit.PROJECT, ("1 project", "1项", "1項")),
        (Decimal("8.50"), Unit.PERCENT, ("8.5%", "8.5%", "8.5%")),
        (Decimal("-1.2"), Unit.PERCENT, ("−1.2%", "−1.2%", "−1.2%")),
        (35, Unit.MINUTE, ("35 minutes", "35分钟", "35分鐘")),
        (Decimal("87.30"), Unit.KM, ("87.3 km", "87.3公里", "87.3公里")),
        (100_000, Unit.VEHICLE_PER_YEAR, ("100,000 vehicles a year", "10万辆/年", "10萬輛/年")),
        (25, Unit.GWH, ("25 GWh", "25吉瓦时", "25吉瓦時")),
        (
            2_000_000,
            Unit.TEU_PER_YEAR,
            ("2 million TEU a year", "200万标准箱/年", "200萬標準箱/年"),
        ),
        (1234, Unit.COUNT, ("1,234", "1234", "1234")),
    ],
)
def test_counted_things(value, unit, shown):
    assert tuple(format_value(value, unit, language) for language in LANGUAGES) == shown


def test_every_unit_has_words_and_a_label():
    assert set(UNIT_WORDS) == set(Unit)
    assert all(unit.label for unit in Unit)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", Unit)
def test_every_unit_can_be_shown_in_every_language(unit, language):
    assert "1" in format_value(1, unit, language) or unit == Unit.M2
    number, word = split_value(30_000, unit, language)
    assert number.startswith(("3", "4"))
    assert isinstance(word, str)


def test_rounding_up_reaches_the_next_number_word():
    assert format_money(Decimal("999999999.99"), "en") == "RMB 1 billion"
    assert format_value(999_999_999, Unit.COUNT, "en") == "1 billion"
    assert format_value(Decimal("99999999.99"), Unit.COUNT, "zh-hans") == "1亿"


def test_zeros_in_front_of_the_point_stay():
    assert format_number(Decimal("1200"), "en") == "1,200"
    assert format_number(Decimal("1200.00"), "zh-hans") == "1200"
    assert format_number(Decimal("0.00001"), "en") == "0"
    assert format_number(Decimal("-0.00001"), "en") == "0"


def test_a_float_counts_as_the_digits_it_prints():
    assert format_value(0.1 + 0.7, Unit.PERCENT, "en") == "0.8%"
    assert format_number(2.675, "en", decimals=2) == "2.68"


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (67_312, 0, "67312元"),
        (70_000, 0, "7万元"),
        (654_900, 2, "65.49万元"),
        (4_129_712, 1, "413万元"),
        (67_312, None, "6.7312万元"),
    ],
)
def test_limited_decimals_never_round_away_ten_thousands(value, decimals, text):
    assert format_value(value, Unit.YUAN, "zh-hans", decimals=decimals) == text


def test_decimals_can_be_limited():
    assert format_value(Decimal("8.567"), Unit.PERCENT, "en", decimals=1) == "8.6%"
    assert format_value(Decimal(7_635_000_000), Unit.YUAN, "zh-hans", decimals=1) == "76.4亿元"


@pytest.mark.parametrize("shown", [format_money, format_area, format_number, format_change])
def test_a_missing_number_is_said_to_be_missing(shown):
    assert shown(None, "en") == "Not stated"


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        format_money(Decimal("NaN"), "en")


def test_the_active_language_is_the_default():
    with translation.override("zh-hant"):
        assert format_money(445_000_000) == "4.45億元"
    with translation.override("en"):
        assert format_money(445_000_000) == "RMB 445 million"


def test_qualifiers_are_part_of_the_figure():
    assert format_area(992_000_000, "en", Qualifier.ABOUT) == "about 992 km²"
    assert format_value(300, Unit.ENTERPRISE, "en", "more_than") == "more than 300 enterprises"
    assert format_value(300, Unit.ENTERPRISE, "en", "exact") == "300 enterprises"
    assert format_value(300, Unit.ENTERPRISE, "en", "") == "300 enterprises"
    assert split_value(300, Unit.ENTERPRISE, "en", "at_least") == ("at least 300", "enterprises")


@pytest.mark.parametrize(
    ("value", "unit", "language", "parts"),
    [
        (7_635_000_000, Unit.YUAN, "en", ("7.635", "billion RMB")),
        (7_635_000_000, Unit.YUAN, "zh-hans", ("76.35", "亿元")),
        (Decimal("903333.33"), Unit.M2, "en", ("1,355", "mu (90.33 ha)")),
        (Decimal("903333.33"), Unit.M2, "zh-hant", ("1355", "畝")),
        (992_000_000, Unit.M2, "zh-hans", ("992", "平方公里")),
        (4_133_800, Unit.PERSON, "en", ("4.13", "million")),
        (23, Unit.PROJECT, "zh-hant", ("23", "項")),
        (None, Unit.YUAN, "en", ("Not stated", "")),
    ],
)
def test_a_figure_can_be_set_in_two_sizes(value, unit, language, parts):
    assert split_value(value, unit, language) == parts


def test_changes_carry_their_sign():
    assert format_change(Decimal("5.30"), "en") == "+5.3%"
    assert format_change(Decimal("-1.2"), "zh-hans") == "−1.2%"
    assert format_change(0, "en") == "0%"


def test_mu_convert_there_and_back():
    assert mu_to_square_metres(1355) == Decimal("903333.3333")
    assert square_metres_to_mu(Decimal(10_000)) == 15


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ((2022, 1, 1), (2022, 12, 31), ("2022", "2022年")),
        ((2025, 1, 1), (2025, 3, 31), ("Q1 2025", "2025年第一季度")),
        ((2025, 10, 1), (2025, 12, 31), ("Q4 2025", "2025年第四季度")),
        ((2022, 1, 1), (2022, 9, 30), ("Jan–Sep 2022", "2022年1—9月")),
        ((2022, 2, 1), (2022, 4, 30), ("Feb–Apr 2022", "2022年2—4月")),
        ((2024, 2, 1), (2024, 2, 29), ("Feb 2024", "2024年2月")),
        ((2025, 12, 8), (2025, 12, 8), ("8 Dec 2025", "2025年12月8日")),
        ((2022, 1, 1), (2023, 12, 31), ("2022–2023", "2022—2023年")),
        ((2022, 11, 1), (2023, 1, 31), ("Nov 2022–Jan 2023", "2022年11月—2023年1月")),
        ((2022, 3, 3), (2022, 4, 5), ("3 Mar 2022 – 5 Apr 2022", "2022年3月3日—2022年4月5日")),
    ],
)
def test_periods_are_named_as_statisticians_do(start, end, shown):
    start, end = datetime.date(*start), datetime.date(*end)
    assert (period_label(start, end, "en"), period_label(start, end, "zh-hans")) == shown
    assert period_label(start, end, "zh-hant") == shown[1]


def test_one_end_of_a_period_is_a_day():
    assert period_label(None, datetime.date(2025, 12, 8), "en") == "8 Dec 2025"
    assert period_label(datetime.date(2025, 12, 8), None, "en") == "8 Dec 2025"
    assert period_label(None, None, "en") == "Not stated"


def test_number_words_exist_for_every_language_of_the_site(settings):
    assert set(SCALES) == {code for code, _name in settings.LANGUAGES}


def test_templates_have_the_same_functions():
    source = (
        '{% load measures %}{{ km|measure:"km" }}; {{ pct|change }}; {{ date|partial_date }}; '
        "{{ nothing|partial_date }}; {{ '2012'|partial_date }}"
    )
    context = {
        "km": Decimal("87.30"),
        "pct": Decimal("5.3"),
        "date": PartialDate(2012, 10),
        "nothing": None,
    }
    with translation.override("en"):
        shown = Template(source).render(Context(context))
    assert shown.split("; ") == ["87.3 km", "+5.3%", "October 2012", "", "2012"]
