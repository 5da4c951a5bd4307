"""Charts: honest axes, gaps for what is not stated, and nothing told by colour alone."""

from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from core.chart_parts import ChartSeries, ChartValue
from core.charts import (
    LINE_HEIGHT,
    SHAPES,
    WIDTH,
    bar_chart,
    hatching,
    line_chart,
    marker_path,
    nice_ticks,
    stacked_chart,
    text_width,
)
from core.measures import Unit
from core.provenance import ValueKind


def values(*numbers, kind=ValueKind.ACTUAL, first=2020):
    return [
        ChartValue(str(first + index), None if number is None else Decimal(number), kind)
        for index, number in enumerate(numbers)
    ]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("0", "10", ["0", "5", "10"]),
        ("3", "97", ["0", "50", "100"]),
        ("0", "0.035", ["0", "0.01", "0.02", "0.03", "0.04"]),
        ("-4", "11", ["-5", "0", "5", "10", "15"]),
        ("0", "0", ["0", "0.5", "1"]),
        ("-3", "-1", ["-3", "-2", "-1", "0"]),
    ],
)
def test_ticks_are_round_equally_spaced_and_hold_zero(low, high, expected) -> None:
    ticks = nice_ticks(Decimal(low), Decimal(high))

    assert ticks == [Decimal(tick) for tick in expected]


def test_ticks_of_billions_are_exact() -> None:
    assert nice_ticks(Decimal(0), Decimal(310_000_000_000)) == [
        Decimal(number) * 10**11 for number in range(5)
    ]


def test_bars_are_as_long_as_their_figures() -> None:
    chart = bar_chart("Projects", values(10, 20, 40), Unit.PROJECT)
    widths = [row.bars[0].width for row in chart.rows]

    assert widths == [WIDTH // 4, WIDTH // 2, WIDTH]
    assert {row.bars[0].x for row in chart.rows} == {0}
    assert [row.text for row in chart.rows] == ["10 projects", "20 projects", "40 projects"]


def test_rows_of_a_bar_chart_do_not_overlap_and_lie_in_the_drawing() -> None:
    chart = bar_chart("Projects", values(10, 20, 40), Unit.PROJECT)

    for before, after in pairwise(chart.rows):
        bottom = before.bars[0].y + before.bars[0].height
        assert bottom < after.label_y - 10, "a label is some 12 units high"
        assert after.label_y < after.bars[0].y
    assert chart.rows[-1].bars[0].y + chart.rows[-1].bars[0].height <= chart.height


def test_negative_values_go_to_the_left_of_zero() -> None:
    down, up = bar_chart("Growth", values("-5", "15"), Unit.PERCENT).rows

    assert (down.bars[0].x, down.bars[0].width) == (0, WIDTH // 4)
    assert (up.bars[0].x, up.bars[0].width) == (WIDTH // 4, WIDTH * 3 // 4)


def test_a_figure_that_is_not_stated_is_a_gap_and_not_a_zero() -> None:
    chart = bar_chart("Projects", values(10, None, 40), Unit.PROJECT)

    assert chart.rows[1].bars == ()
    assert chart.rows[1].text == "Not stated"
    assert chart.table[1].cells[0].text == "Not stated"


def test_zero_is_a_figure() -> None:
    row = bar_chart("Projects", values(0, 10), Unit.PROJECT).rows[0]

    assert row.bars[0].width == 0
    assert row.text == "0 projects"


@pytest.mark.parametrize("make", [bar_chart, lambda t, v, u: line_chart(t, [ChartSeries(t, v)], u)])
def test_one_figure_makes_a_chart_and_none_makes_none(make) -> None:
    assert not make("One", values(5), Unit.COUNT).is_empty
    assert make("None", [], Unit.COUNT).is_empty
    assert make("Not stated", values(None, None), Unit.COUNT).is_empty


@pytest.mark.parametrize(
    ("kind", "style", "hatched"),
    [
        (ValueKind.ACTUAL, "solid", False),
        (ValueKind.ESTIMATE, "solid", False),
        (ValueKind.PRELIMINARY, "light", False),
        (ValueKind.TARGET, "hatched", True),
        (ValueKind.FORECAST, "hatched", True),
    ],
)
def test_the_kind_of_a_figure_shows_in_drawing_and_words(kind, style, hatched) -> None:
    row = bar_chart("Output", values(5, kind=kind), Unit.COUNT).rows[0]

    assert row.bars[0].style == style
    assert bool(row.bars[0].hatch) is hatched
    assert row.kind_label == ("" if kind == ValueKind.ACTUAL else kind.label)


def test_hatching_stays_inside_its_rectangle() -> None:
    path = hatching(10, 20, 30, 12)

    assert path
    for stroke in path.split("M")[1:]:
        for point in stroke.split("L"):
            x, y = (int(number) for number in point.split())
            assert 10 <= x <= 40
            assert 20 <= y <= 32


def test_hatching_of_nothing_is_nothing() -> None:
    assert hatching(0, 0, 0, 0) == ""


def test_a_line_rises_with_its_figures_and_its_gap_stays_open() -> None:
    chart = line_chart("GDP", [ChartSeries("Zhaoqing", values(10, 20, None, 40, 30))], Unit.COUNT)
    line = chart.lines[0]

    assert line.markers[0].y > line.markers[1].y > line.markers[3].y
    assert line.markers[2].y < line.markers[3].y
    assert line.solid.count("M") == 2, "10 to 20 and 40 to 30, nothing across the gap"
    assert line.dashed == ""
    assert [marker.x for marker in line.markers] == sorted(marker.x for marker in line.markers)


def test_the_way_to_a_target_is_dashed_and_its_mark_is_hollow() -> None:
    figures = [*values(10, 20), ChartValue("2022", Decimal(30), ValueKind.TARGET)]
    chart = line_chart("GDP", [ChartSeries("Zhaoqing", figures)], Unit.COUNT)
    line = chart.lines[0]

    assert line.dashed.count("M") == 1
    assert [marker.style for marker in line.markers] == ["solid", "solid", "hollow"]
    assert [entry.label for entry in chart.kinds] == ["Target"]


def test_ticks_share_one_unit_where_they_can() -> None:
    with translation.override("en"):
        chart = line_chart("GDP", [ChartSeries("A", values(10**9, 3 * 10**9))], Unit.YUAN)
        mixed = line_chart("GDP", [ChartSeries("A", values(10**8, 15 * 10**8))], Unit.YUAN)

    assert chart.unit == "billion RMB"
    assert [tick.text for tick in chart.ticks] == ["0", "1", "2", "3"]
    assert mixed.unit == ""
    assert mixed.ticks[1].text == "RMB 500 million"


def test_marks_ticks_and_labels_lie_in_the_drawing() -> None:
    chart = line_chart("GDP", [ChartSeries("A", values(*range(1, 31), first=1995))], Unit.YUAN)

    for marker in chart.lines[0].markers:
        assert chart.left < marker.x < WIDTH
        assert 0 < marker.y < LINE_HEIGHT
    assert all(0 < tick.position < LINE_HEIGHT for tick in chart.ticks)


def test_labels_of_the_time_axis_never_overlap_and_the_newest_is_there() -> None:
    for count in (1, 2, 7, 30):
        labels = line_chart(
            "GDP", [ChartSeries("A", values(*range(1, count + 1), first=1995))], Unit.COUNT
        ).labels

        assert labels[-1].text == str(1994 + count)
        spans = []
        for label in labels:
            width = text_width(label.text)
            left = label.x - (width if label.anchor == "end" else width / 2)
            spans.append((left, left + width))
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
        assert spans[-1][1] <= WIDTH


def test_series_have_marks_of_different_shape() -> None:
    paths = {marker_path(8, 8, number) for number in range(1, len(SHAPES) + 1)}
    chart = line_chart("GDP", [ChartSeries("A", values(1)), ChartSeries("B", values(2))])

    assert len(paths) == len(SHAPES)
    assert [entry.name for entry in chart.legend] == ["A", "B"]


def test_parts_of_a_stack_follow_each_other_and_make_the_total() -> None:
    series = [ChartSeries("A", values(10, 5)), ChartSeries("B", values(30, 5))]
    chart = stacked_chart("Output", series, Unit.PROJECT)
    first, second = chart.rows[0].bars

    assert first.x == 0
    assert second.x == WIDTH // 4
    assert second.x + second.width == WIDTH - 1
    assert [row.text for row in chart.rows] == ["40 projects", "10 projects"]
    assert second.hatch, "every second part is told apart without colour"
    assert not first.hatch


def test_a_stack_with_a_missing_part_has_no_total() -> None:
    series = [ChartSeries("A", values(10)), ChartSeries("B", values(None))]
    row = stacked_chart("Output", series, Unit.PROJECT).rows[0]

    assert len(row.bars) == 1
    assert row.text == "Not stated"


def test_a_stack_refuses_negative_parts() -> None:
    with pytest.raises(ValueError, match="negative"):
        stacked_chart("Output", [ChartSeries("A", values(-1))], Unit.PROJECT)


def test_a_stack_of_nothing_is_empty() -> None:
    assert stacked_chart("Output", [], Unit.PROJECT).is_empty
    assert stacked_chart("Output", [ChartSeries("A", values(None))], Unit.PROJECT).is_empty


def charts():
    series = [ChartSeries("A & B", values(10, None, 30)), ChartSeries("C", values(1, 2, 3))]
    options = {"source": "Communiqué", "description": "Rising."}
    return [
        ("bar", bar_chart("Output <x>", values(10, None, 30), Unit.YUAN, **options)),
        ("line", line_chart("Output <x>", series, Unit.YUAN, **options)),
        ("stacked", stacked_chart("Output <x>", series, Unit.YUAN, **options)),
    ]


@pytest.mark.parametrize("index", range(3))
def test_a_chart_prints_with_title_description_source_and_the_same_figures_as_a_table(
    index,
) -> None:
    name, chart = charts()[index]
    html = render_to_string(f"components/_chart_{name}.html", {"chart": chart})
    drawing = ElementTree.fromstring(html[html.index("<svg") : html.index("</svg>") + 6])

    assert drawing.find("title").text == "Output <x>"
    assert "Rising." in drawing.find("desc").text
    assert "Source: Communiqué" in html
    assert html.count("<tr>") == 1 + 3
    assert "Not stated" in html
    assert "style=" not in html
    assert " id=" not in html


@pytest.mark.parametrize("name", ["bar", "line", "stacked"])
def test_an_empty_chart_prints_nothing(name) -> None:
    html = render_to_string(f"components/_chart_{name}.html", {"chart": bar_chart("None", [])})

    assert html.strip() == ""


def test_the_table_can_be_left_to_the_page() -> None:
    chart = bar_chart("Output", values(1, 2), show_table=False)

    assert "<table" not in render_to_string("components/_chart_bar.html", {"chart": chart})


def test_chinese_pages_read_chinese_figures() -> None:
    with translation.override("zh-hans"):
        chart = bar_chart("产值", values(8_915_000_000), Unit.YUAN)

    assert chart.rows[0].text == "89.15亿元"
