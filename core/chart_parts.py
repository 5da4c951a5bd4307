"""What a chart is made of: the figures that go in and the drawn parts that come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.provenance import ValueKind


@dataclass(frozen=True, slots=True)
class ChartValue:
    """One figure: where or when, how much, how firm. ``value`` ``None`` means "not stated".

    ``text`` is the figure in words; empty, it is formatted with the chart's unit.
    """

    label: str
    value: Decimal | None
    kind: ValueKind = ValueKind.ACTUAL
    text: str = ""


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """Figures that belong together. All series of a chart give the same labels in one order."""

    name: str
    values: Sequence[ChartValue]


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of the value axis, in drawing units, and its text."""

    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle with its hatching; ``style`` is solid, light or hatched."""

    x: int
    y: int
    width: int
    height: int
    style: str
    hatch: str
    series: int
    title: str


@dataclass(frozen=True, slots=True)
class BarRow:
    """One line of a bar chart: label, value in words, and one or more bars."""

    label: str
    text: str
    kind_label: str
    label_y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Marker:
    """One figure of a line chart; ``style`` is solid, light or hollow."""

    x: int
    y: int
    style: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a line chart: firm path, promised path (dashed), marks."""

    number: int
    name: str
    solid: str
    dashed: str
    markers: tuple[Marker, ...]


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A text under a line chart; ``anchor`` is start, middle or end."""

    x: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the table below a chart."""

    text: str
    kind_label: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table below a chart."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """One series in the legend, numbered from 1, with its mark around (8, 8)."""

    number: int
    name: str
    path: str
    hatch: str


@dataclass(frozen=True, slots=True)
class KindEntry:
    """How a figure that is not actual looks; ``style`` is solid, light or hollow."""

    label: str
    style: str
    path: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything a chart template needs. ``is_empty`` when no figure can be drawn."""

    title: str
    description: str
    source: str
    unit: str
    width: int
    height: int
    columns: tuple[str, ...]
    table: tuple[TableRow, ...]
    show_table: bool
    kinds: tuple[KindEntry, ...]
    legend: tuple[LegendEntry, ...] = ()
    rows: tuple[BarRow, ...] = ()
    lines: tuple[Line, ...] = ()
    ticks: tuple[Tick, ...] = ()
    labels: tuple[AxisLabel, ...] = ()
    zero: int = 0
    left: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.lines
