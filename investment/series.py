"""Figures of an indicator as a table and, where it helps, as a chart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.facts import Fact
from investment.models import Indicator, Statistic

#: Two figures are a comparison, three are a development.
FEWEST_FOR_A_CHART = 3


@dataclass(frozen=True, slots=True)
class TableRow:
    """One figure with where and when it holds."""

    statistic: Statistic
    place: object
    period: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class IndicatorTable:
    """All public figures of one indicator, oldest first within each place."""

    indicator: Indicator
    rows: list[TableRow]
    charted: list[TableRow]


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
    by_place: dict[str, list[TableRow]] = defaultdict(list)
    for row in rows:
        if is_whole_year(row.statistic):
            by_place[str(row.place)].append(row)
    longest = max(by_place.values(), key=len, default=[])
    return longest if len(longest) >= FEWEST_FOR_A_CHART else []


def is_whole_year(statistic: Statistic) -> bool:
    """Whether the figure covers one calendar year."""
    start, end = statistic.period_start, statistic.period_end
    return start.year == end.year and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
