"""Charts as plain geometry for the templates ``components/_chart_*.html``.

Pure functions: figures in, coordinates and texts out. The drawing is 360 units wide, about one
unit to a pixel on a phone, so that text stays legible there; wide screens draw the text smaller
by stylesheet. A figure that no source gives is a gap, never a zero. Targets and forecasts are
hatched or dashed, preliminary figures lighter: nothing depends on colour alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import pgettext

from core.chart_parts import (
    AxisLabel,
    Bar,
    BarRow,
    Cell,
    Chart,
    ChartSeries,
    ChartValue,
    KindEntry,
    LegendEntry,
    Line,
    Marker,
    TableRow,
    Tick,
)
from core.measures import Unit, format_value, not_stated, split_value
from core.provenance import ValueKind

WIDTH = 360
#: Height of one row of a bar chart, of its bar, and of the space above the first.
ROW_HEIGHT = 34
BAR_HEIGHT = 12
#: A letter of a label at the phone's text size; a Han character takes twice as much.
LETTER_WIDTH = 6.6
LINE_HEIGHT = 220
#: Room for a value label beside a mark.
PADDING = 8
HATCH_STEP = 5
#: How marks of series are told apart without colour.
SHAPES = ("circle", "square", "diamond", "triangle")


def nice_ticks(low: Decimal, high: Decimal, count: int = 4) -> list[Decimal]:
    """Round values from at most ``low`` to at least ``high``, some ``count`` steps of 1, 2 or 5.

    Zero is always among them: an axis that starts elsewhere makes small changes look large.
    """
    low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:
        high = Decimal(1)
    rough = (high - low) / count
    power = Decimal(10) ** rough.adjusted()
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [index * step for index in range(first, last + 1)]


def text_width(text: str) -> float:
    """Width of a label in drawing units at the phone's text size, on the generous side."""
    return sum(2 * LETTER_WIDTH if ord(letter) > 0x2E7F else LETTER_WIDTH for letter in text)


def style_of(kind: ValueKind) -> str:
    """How a figure of ``kind`` is drawn: solid, light (preliminary) or hatched (promised)."""
    if ValueKind(kind).is_promise:
        return "hatched"
    return "light" if kind == ValueKind.PRELIMINARY else "solid"


def marker_style(kind: ValueKind) -> str:
    """The same for the mark of a line chart, too small to hatch: solid, light or hollow."""
    style = style_of(kind)
    return "hollow" if style == "hatched" else style


def hatching(x: int, y: int, width: int, height: int, step: int = HATCH_STEP) -> str:
    """Path of diagonal lines inside a rectangle; drawn lines need no pattern and no id."""
    parts = []
    for offset in range(step, width + height, step):
        # From the lower or right edge up to the left or upper edge.
        start = (x + min(offset, width), y + max(0, offset - width))
        end = (x + max(0, offset - height), y + min(offset, height))
        parts.append(f"M{start[0]} {start[1]}L{end[0]} {end[1]}")
    return "".join(parts)


def bar_chart(
    title: str,
    values: Iterable[ChartValue],
    unit: str = Unit.COUNT,
    *,
    source: str = "",
    description: str = "",
    show_table: bool = True,
) -> Chart:
    """Horizontal bars, one a figure, each with its label and its value in words.

    Bars start at zero; negative values go to the left of it. ``unit`` is a ``core.measures.Unit``.
    """
    series = ChartSeries(title, tuple(values))
    numbers = [item.value for item in series.values if item.value is not None]
    rows: list[BarRow] = []
    zero = 0
    if numbers:
        low, high = min([Decimal(0), *numbers]), max([Decimal(0), *numbers])
        scale = WIDTH / (high - low or Decimal(1))
        zero = round(-low * scale)
        for index, item in enumerate(series.values):
            bars: tuple[Bar, ...] = ()
            if item.value is not None:
                end = round((item.value - low) * scale)
                bars = (_bar(min(zero, end), index, abs(end - zero), item, 1, _text(item, unit)),)
            rows.append(_row(index, item, unit, bars))
    return Chart(
        title=title,
        description=description,
        source=source,
        unit="",
        width=WIDTH,
        height=len(rows) * ROW_HEIGHT + 4,
        columns=(title,),
        table=_table([series], unit),
        show_table=show_table,
        kinds=_kinds([series]),
        rows=tuple(rows),
        zero=zero,
    )


def stacked_chart(
    title: str,
    series: Sequence[ChartSeries],
    unit: str = Unit.COUNT,
    *,
    source: str = "",
    description: str = "",
    show_table: bool = True,
) -> Chart:
    """One horizontal bar a label, made of one part a series; every second series is hatched.

    Parts are amounts of one whole: a negative value raises ``ValueError``. A part that is not
    stated leaves the bar shorter and the total unsaid, because a sum with a gap is no sum.
    """
    count = min((len(entry.values) for entry in series), default=0)
    table = [[entry.values[index] for entry in series] for index in range(count)]
    if any(item.value is not None and item.value < 0 for line in table for item in line):
        raise ValueError("A stacked chart cannot show negative parts.")
    totals = [sum((item.value or Decimal(0) for item in line), Decimal(0)) for line in table]
    rows: list[BarRow] = []
    if any(item.value is not None for line in table for item in line):
        scale = WIDTH / (max(totals) or Decimal(1))
        for index, line in enumerate(table):
            bars, edge = [], Decimal(0)
            for number, item in enumerate(line, start=1):
                if item.value is None:
                    continue
                start, edge = edge, edge + item.value
                left, right = round(start * scale), round(edge * scale)
                name = _labelled(series[number - 1].name, item, unit)
                bars.append(_bar(left, index, max(right - left - 1, 0), item, number, name, True))
            whole = all(item.value is not None for item in line)
            total = format_value(totals[index], unit) if whole else not_stated()
            rows.append(_row(index, ChartValue(line[0].label, None, text=total), unit, tuple(bars)))
    return Chart(
        title=title,
        description=description,
        source=source,
        unit="",
        width=WIDTH,
        height=len(rows) * ROW_HEIGHT + 4,
        columns=tuple(entry.name for entry in series),
        table=_table(series, unit),
        show_table=show_table,
        kinds=_kinds(series),
        legend=tuple(
            LegendEntry(
                number,
                entry.name,
                "M1 1h14v14h-14z",
                hatching(1, 1, 14, 14) if number % 2 == 0 else "",
            )
            for number, entry in enumerate(series, start=1)
        ),
        rows=tuple(rows),
    )


def line_chart(
    title: str,
    series: Sequence[ChartSeries],
    unit: str = Unit.COUNT,
    *,
    source: str = "",
    description: str = "",
    show_table: bool = True,
) -> Chart:
    """Development over time, one line a series, up to four.

    A missing figure interrupts the line. The stretch towards a target or forecast is dashed.
    Labels stand at equal distances, so give periods of equal length.
    """
    numbers = [item.value for entry in series for item in entry.values if item.value is not None]
    base = {
        "title": title,
        "description": description,
        "source": source,
        "width": WIDTH,
        "height": LINE_HEIGHT,
        "columns": tuple(entry.name for entry in series),
        "table": _table(series, unit),
        "show_table": show_table,
        "kinds": _kinds(series),
    }
    if not numbers:
        return Chart(**base, unit="")
    values = nice_ticks(min(numbers), max(numbers))
    texts, unit_text = _tick_texts(values, unit)
    left = round(max(text_width(text) for text in texts)) + PADDING
    right, top, bottom = WIDTH - 14, 14, LINE_HEIGHT - 28
    scale = Decimal(bottom - top) / (values[-1] - values[0])

    def y_of(value: Decimal) -> int:
        return round(bottom - (value - values[0]) * scale)

    labels = [item.label for item in series[0].values]
    step = (right - left - 2 * PADDING) / max(len(labels) - 1, 1)
    xs = [round(left + PADDING + step * index) for index in range(len(labels))]
    if len(labels) == 1:
        xs = [round((left + right) / 2)]
    return Chart(
        **base,
        unit=unit_text,
        legend=tuple(
            LegendEntry(number, entry.name, marker_path(8, 8, number), "")
            for number, entry in enumerate(series, start=1)
        )
        if len(series) > 1
        else (),
        lines=tuple(
            _line(
                number,
                entry,
                xs,
                [None if v.value is None else y_of(v.value) for v in entry.values],
                unit,
            )
            for number, entry in enumerate(series, start=1)
        ),
        ticks=tuple(Tick(y_of(value), text) for value, text in zip(values, texts, strict=True)),
        labels=tuple(_axis_labels(labels, xs)),
        zero=y_of(Decimal(0)),
        left=left,
    )


def marker_path(x: int, y: int, series: int, size: int = 4) -> str:
    """Outline of a series' mark around (x, y): circle, square, diamond, triangle in turn."""
    shape = SHAPES[(series - 1) % len(SHAPES)]
    if shape == "circle":
        return (
            f"M{x - size} {y}a{size} {size} 0 1 0 {2 * size} 0a{size} {size} 0 1 0 {-2 * size} 0z"
        )
    if shape == "square":
        return f"M{x - size} {y - size}h{2 * size}v{2 * size}h{-2 * size}z"
    wide = size + 1
    if shape == "diamond":
        return f"M{x} {y - wide}l{wide} {wide} {-wide} {wide} {-wide} {-wide}z"
    return f"M{x} {y - wide}l{wide} {2 * wide - 1}h{-2 * wide}z"


def _text(item: ChartValue, unit: str) -> str:
    return item.text or format_value(item.value, unit)


def _labelled(label: str, item: ChartValue, unit: str) -> str:
    return pgettext("punctuation", ": ").join((label, _text(item, unit)))


def _kind_label(item: ChartValue) -> str:
    """The kind in words, unless it is what everyone assumes."""
    if item.value is None or item.kind == ValueKind.ACTUAL:
        return ""
    return str(ValueKind(item.kind).label)


def _kinds(series: Sequence[ChartSeries]) -> tuple[KindEntry, ...]:
    """Kinds in the chart other than actual, for the key, in the order of ``ValueKind``."""
    present = {
        ValueKind(item.kind) for entry in series for item in entry.values if item.value is not None
    }
    return tuple(
        KindEntry(str(kind.label), marker_style(kind), marker_path(8, 8, 1))
        for kind in ValueKind
        if kind in present and kind != ValueKind.ACTUAL
    )


def _bar(
    x: int, index: int, width: int, item: ChartValue, series: int, title: str, stacked: bool = False
) -> Bar:
    y = index * ROW_HEIGHT + ROW_HEIGHT - BAR_HEIGHT - 2
    style = style_of(item.kind)
    hatched = style == "hatched" or (stacked and series % 2 == 0)
    hatch = hatching(x, y, width, BAR_HEIGHT) if hatched else ""
    return Bar(x, y, width, BAR_HEIGHT, style, hatch, series, title)


def _row(index: int, item: ChartValue, unit: str, bars: tuple[Bar, ...]) -> BarRow:
    return BarRow(
        label=item.label,
        text=_text(item, unit),
        kind_label=_kind_label(item),
        label_y=index * ROW_HEIGHT + ROW_HEIGHT - BAR_HEIGHT - 7,
        bars=bars,
    )


def _table(series: Sequence[ChartSeries], unit: str) -> tuple[TableRow, ...]:
    count = min((len(entry.values) for entry in series), default=0)
    return tuple(
        TableRow(
            series[0].values[index].label,
            tuple(
                Cell(_text(entry.values[index], unit), _kind_label(entry.values[index]))
                for entry in series
            ),
        )
        for index in range(count)
    )


def _tick_texts(values: Sequence[Decimal], unit: str) -> tuple[list[str], str]:
    """Texts of ticks and the unit they share; each with its own unit where they differ."""
    parts = [split_value(value, unit) for value in values]
    shared = {part.unit for part, value in zip(parts, values, strict=True) if value}
    if len(shared) == 1:
        return [part.number for part in parts], shared.pop()
    return [
        format_value(value, unit) if value else part.number
        for part, value in zip(parts, values, strict=True)
    ], ""


def _line(number: int, entry: ChartSeries, xs: list[int], ys: list[int | None], unit: str) -> Line:
    solid: list = []
    dashed: list = []
    markers = []
    before: tuple[int, int] | None = None
    for item, x, y in zip(entry.values, xs, ys, strict=True):
        if y is None:
            before = None
            continue
        style = style_of(item.kind)
        if before:
            (dashed if style == "hatched" else solid).append(f"M{before[0]} {before[1]}L{x} {y}")
        text = _labelled(item.label, item, unit)
        markers.append(Marker(x, y, marker_style(item.kind), marker_path(x, y, number), text))
        before = (x, y)
    return Line(number, entry.name, "".join(solid), "".join(dashed), tuple(markers))


def _axis_labels(labels: Sequence[str], xs: Sequence[int]) -> Iterable[AxisLabel]:
    """As many labels as fit, at equal distances, the newest always among them."""
    widest = max(text_width(label) for label in labels) + PADDING
    gap = (xs[-1] - xs[0]) / max(len(xs) - 1, 1)
    every = max(1, math.ceil(widest / gap)) if gap else 1
    for index, (label, x) in enumerate(zip(labels, xs, strict=True)):
        if (len(labels) - 1 - index) % every:
            continue
        anchor = "middle"
        if x + text_width(label) / 2 > WIDTH:
            anchor = "end"
        yield AxisLabel(WIDTH - 2 if anchor == "end" else x, label, anchor)
