"""Plane geometry for the schematic map: project, clip, simplify, and find room for a label.

Pure functions on lists of (x, y). Screen coordinates: x grows to the right, y downwards, in the
units of the drawing's viewBox.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle, for the part of the land shown (degrees, scaled) or of the drawing (units)."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def grown(self, margin: float) -> Window:
        """The window with ``margin`` added on every side."""
        return Window(
            self.left - margin, self.top - margin, self.right + margin, self.bottom + margin
        )

    def fitted(self, aspect: float) -> Window:
        """The smallest window around this one, same centre, with width / height = ``aspect``."""
        width = max(self.width, self.height * aspect)
        height = width / aspect
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return Window(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def holds(self, point: Point) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


def outer_rings(geometry: object) -> list[Ring]:
    """Outer rings of a GeoJSON Polygon or MultiPolygon as (longitude, latitude), not closed.

    Anything else, also broken data typed in by an editor, gives no ring: a map with one district
    less is better than a page that fails.
    """
    if not isinstance(geometry, dict):
        return []
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        coordinates = [coordinates]
    elif geometry.get("type") != "MultiPolygon":
        return []
    rings = []
    try:
        for polygon in coordinates:
            ring = [(float(position[0]), float(position[1])) for position in polygon[0]]
            if len(ring) > 1 and ring[0] == ring[-1]:
                ring.pop()
            if len(ring) >= 3 and all(math.isfinite(x) and math.isfinite(y) for x, y in ring):
                rings.append(ring)
    except (TypeError, ValueError, IndexError, KeyError):
        return []
    return rings


class Projection:
    """Equirectangular, with longitude shortened by the cosine of the middle latitude."""

    def __init__(self, middle_latitude: float) -> None:
        self.factor = math.cos(math.radians(middle_latitude))

    def __call__(self, longitude: float, latitude: float) -> Point:
        return longitude * self.factor, -latitude


def bounds(points: Iterable[Point]) -> Window | None:
    """The smallest window around all points; ``None`` when there is no point."""
    points = list(points)
    if not points:
        return None
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return Window(min(xs), min(ys), max(xs), max(ys))


def clip(ring: Ring, window: Window) -> Ring:
    """The part of ``ring`` inside ``window`` (Sutherland-Hodgman); empty when none is."""
    for axis, limit, sign in (
        (0, window.left, 1),
        (0, window.right, -1),
        (1, window.top, 1),
        (1, window.bottom, -1),
    ):
        kept: Ring = []
        for index, here in enumerate(ring):
            before = ring[index - 1]
            inside = (here[axis] - limit) * sign >= 0
            if inside != ((before[axis] - limit) * sign >= 0):
                share = (limit - before[axis]) / (here[axis] - before[axis])
                kept.append(
                    (
                        before[0] + share * (here[0] - before[0]),
                        before[1] + share * (here[1] - before[1]),
                    )
                )
            if inside:
                kept.append(here)
        ring = kept
        if not ring:
            return []
    return ring


def distance_to_segment(point: Point, start: Point, end: Point) -> float:
    """How far ``point`` lies from the segment between ``start`` and ``end``."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    if not length:
        return math.dist(point, start)
    share = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    share = min(1.0, max(0.0, share))
    return math.dist(point, (start[0] + share * dx, start[1] + share * dy))


def simplify(ring: Ring, tolerance: float) -> Ring:
    """``ring`` without the points that move its outline by less than ``tolerance``.

    Douglas-Peucker on the two halves between the first point and the one farthest from it.
    """
    if len(ring) < 4:
        return ring
    far = max(range(len(ring)), key=lambda index: math.dist(ring[0], ring[index]))
    first = _simplify_line(ring[: far + 1], tolerance)
    second = _simplify_line([*ring[far:], ring[0]], tolerance)
    return first[:-1] + second[:-1]


def _simplify_line(line: Sequence[Point], tolerance: float) -> Ring:
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        middle = max(
            range(start + 1, end),
            key=lambda index: distance_to_segment(line[index], line[start], line[end]),
        )
        if distance_to_segment(line[middle], line[start], line[end]) > tolerance:
            keep.add(middle)
            spans += [(start, middle), (middle, end)]
    return [line[index] for index in sorted(keep)]


def path_data(rings: Iterable[Ring]) -> str:
    """SVG path data in whole units, relative, so that it stays short."""
    parts = []
    for ring in rings:
        points = [(round(x), round(y)) for x, y in ring]
        points = [point for index, point in enumerate(points) if point != points[index - 1]]
        if len(points) < 3:
            continue
        steps = []
        for before, here in pairwise(points):
            dx, dy = here[0] - before[0], here[1] - before[1]
            steps.append(f"{dx}{'' if dy < 0 else ' '}{dy}")
        joined = steps[0] + "".join(f"{'' if step[0] == '-' else ' '}{step}" for step in steps[1:])
        parts.append(f"M{points[0][0]} {points[0][1]}l{joined}z")
    return "".join(parts)


def contains(ring: Ring, point: Point) -> bool:
    """Whether ``point`` lies inside ``ring`` (even-odd rule)."""
    x, y = point
    inside = False
    for index, (x1, y1) in enumerate(ring):
        x0, y0 = ring[index - 1]
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def clearance(ring: Ring, point: Point) -> float:
    """Distance of ``point`` to the nearest edge of ``ring``."""
    return min(distance_to_segment(point, ring[index - 1], here) for index, here in enumerate(ring))


def spread(anchors: Sequence[Point], distance: float, field: Window) -> list[Point]:
    """Positions near ``anchors``, each at least ``distance`` from the others, inside ``field``.

    Marks push each other aside until none overlaps; marks on one spot fan out. The same input
    always gives the same picture. When the field is too full for all, it gives the best it found.
    """
    # A tiny fan tells marks on the same spot which way to go.
    points = [
        [x + 0.01 * math.cos(2.4 * index), y + 0.01 * math.sin(2.4 * index)]
        for index, (x, y) in enumerate(anchors)
    ]
    for _round in range(300):
        moved = False
        for index, one in enumerate(points):
            for other in points[:index]:
                dx, dy = one[0] - other[0], one[1] - other[1]
                gap = math.hypot(dx, dy) or 1e-6
                if gap >= distance:
                    continue
                moved = True
                push = (distance - gap) / 2 + 0.6
                for point, sign in ((one, 1), (other, -1)):
                    point[0] = min(field.right, max(field.left, point[0] + sign * push * dx / gap))
                    point[1] = min(field.bottom, max(field.top, point[1] + sign * push * dy / gap))
        if not moved:
            break
    return [(x, y) for x, y in points]
