"""The chart above an indicator's table."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from core.provenance import ValueKind
from investment.models import Indicator
from investment.series import IndicatorTable, TableRow, series_chart


def row(year, value, kind=ValueKind.ACTUAL):
    statistic = SimpleNamespace(
        value=Decimal(value),
        kind=kind,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
    )
    place = SimpleNamespace(name="Dinghu District")
    return TableRow(statistic, place, str(year), SimpleNamespace(value=f"{value} projects"))


def table(chart, *rows):
    indicator = Indicator(slug="projects", name="Projects", unit="project", chart=chart)
    return IndicatorTable(indicator, list(rows), list(rows))


def test_a_year_without_a_figure_is_a_gap_in_the_bars() -> None:
    chart = series_chart(table("bar", row(2020, 3), row(2021, 5), row(2023, 9)))

    assert [line.label for line in chart.rows] == ["2020", "2021", "2022", "2023"]
    assert chart.rows[2].bars == ()
    assert chart.rows[3].text == "9 projects"
    assert not chart.show_table


def test_a_line_is_interrupted_and_its_target_is_dashed() -> None:
    chart = series_chart(table("line", row(2020, 3), row(2022, 5), row(2023, 9, ValueKind.TARGET)))

    assert chart.title.endswith("Dinghu District")
    assert chart.lines[0].solid == ""
    assert chart.lines[0].dashed.count("M") == 1
    assert len(chart.lines[0].markers) == 3
