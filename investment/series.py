"""Figures of an indicator as a table and, where it helps, as a chart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import pgettext

from core.chart_parts import Chart, ChartSeries, ChartValue
from core.charts import bar_chart, line_chart
from core.facts import Fact
from core.measures import period_label
from core.provenance import ValueKind
from investment.models import Indicator, Statistic
from parks.models import District, Park

#: Two figures are a comparison, three are a development.
FEWEST_FOR_A_CHART = 3


@dataclass(frozen=True, slots=True)
class TableRow:
    """One figure with where and when it holds."""

    statistic: Statistic
    place: District | Park | None
    period: str
    fact: Fact

    @property
    def occasion(self) -> str:
        """What tells it from the other figures of its table: "Sihui City, 2022"."""
        place = self.place.name if self.place else ""
        return pgettext("punctuation", ", ").join(filter(None, (place, self.period)))

    @property
    def title(self) -> str:
        """What tells it from all other figures: "GDP, Sihui City, 2022"."""
        return pgettext("punctuation", ", ").join((self.fact.label, self.occasion))


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """All public figures of one indicator, oldest first within each place."""

    indicator: Indicator
    rows: list[TableRow]
    charted: list[TableRow]

    @property
    def has_changes(self) -> bool:
        """Whether any figure states its change on the year before."""
        return any(row.statistic.change_percent is not None for row in self.rows)


def indicator_tables(indicators: Iterable[Indicator]) -> list[IndicatorTable]:
    """Tables for ``indicators`` that have figures. Needs ``statistics`` prefetched."""
    tables = []
    for indicator in indicators:
        statistics = list(indicator.statistics.all())
        if not statistics:
            continue
        for statistic in statistics:
            statistic.indicator = indicator
        rows = [TableRow(item, item.place, item.period, item.fact()) for item in statistics]
        rows.sort(key=lambda row: (str(row.place), row.statistic.period_end))
        tables.append(IndicatorTable(indicator, rows, _charted(indicator, rows)))
    return tables


def _charted(indicator: Indicator, rows: list[TableRow]) -> list[TableRow]:
    """Rows of the place with the longest series of whole years, if it is long enough.

    Months and quarters never share an axis with years: nine months would look like a fall.
    """
    if indicator.chart == Indicator.Chart.NONE:
        return []
    by_place: dict[tuple[int | None, int | None], dict[int, TableRow]] = defaultdict(dict)
    for row in rows:
        figure = row.statistic
        if is_whole_year(figure):
            years = by_place[figure.district_id, figure.park_id]
            known = years.get(figure.period_end.year)
            # Where a year has both, what came true is drawn and not what was promised.
            if known is None or known.fact.kind.is_promise:
                years[figure.period_end.year] = row
    longest = max(by_place.values(), key=len, default={})
    return list(longest.values()) if len(longest) >= FEWEST_FOR_A_CHART else []


def is_whole_year(statistic: Statistic) -> bool:
    """Whether the figure covers one calendar year."""
    start, end = statistic.period_start, statistic.period_end
    return start.year == end.year and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)


def series_chart(table: IndicatorTable) -> Chart:
    """Chart of the charted rows, one place for each year from first to last.

    A year without a figure is a gap, so that equal distances mean equal time. The table below
    the chart is the page's own.
    """
    by_year = {row.statistic.period_end.year: row for row in table.charted}
    figures = [
        _chart_value(by_year.get(year), year) for year in range(min(by_year), max(by_year) + 1)
    ]
    names = (table.indicator.name, table.charted[0].place.name)
    title = pgettext("punctuation", ", ").join(names)
    unit = table.indicator.unit
    if table.indicator.chart == Indicator.Chart.LINE:
        return line_chart(title, [ChartSeries(title, figures)], unit, show_table=False)
    return bar_chart(title, figures, unit, show_table=False)


def _chart_value(row: TableRow | None, year: int) -> ChartValue:
    """The figure of one year; without ``row`` the year is a gap."""
    if row is None:
        return ChartValue(period_label(date(year, 1, 1), date(year, 12, 31)), None)
    return ChartValue(
        row.period, row.statistic.value, ValueKind(row.statistic.kind), row.fact.value
    )
