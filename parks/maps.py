"""The schematic map of districts and parks, ready for ``components/_map.html``.

``build_map`` needs no query: give it districts and parks that are already read. The map shows the
surroundings of the parks; a small locator shows where they lie in the city. It has no national
border and no scale: outlines are simplified to the precision of a screen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from parks.outlines import (
    Point,
    Projection,
    Ring,
    Window,
    bounds,
    clearance,
    clip,
    contains,
    outer_rings,
    path_data,
    simplify,
    spread,
)

#: Districts with their rings on the plane.
Land = list[tuple[str, list[Ring]]]

#: Size of the drawing in viewBox units. At 360 px one unit is about 0.41 px.
WIDTH = 800
HEIGHT = 620
#: Radius of a numbered mark, 24 px across on a phone; on wide screens the stylesheet draws it
#: smaller in units, but no smaller for a finger.
MARK_RADIUS = 32
#: Marks keep this distance from centre to centre, so that no number hides another.
MARK_DISTANCE = 2 * MARK_RADIUS + 5
#: From this shift on a line leads from the mark to its place.
LEADER_FROM = 12
#: Least extent of the land shown, in degrees of latitude (about 25 km): one park is no dot in
#: an empty field.
LEAST_EXTENT = 0.22
#: The parks' window is used when it is smaller than this share of the city's.
LOCATOR_BELOW = 0.6
LOCATOR_WIDTH = 200
LABEL_HEIGHT = 26
#: Grid on which a place for a label is sought, and how far from an edge is far enough.
LABEL_STEP = 24
LABEL_ROOM = 24
#: Width of a letter of a label; a Han character takes twice as much.
LETTER_WIDTH = 9.5


@dataclass(frozen=True, slots=True)
class DistrictLabel:
    """Where a district's name stands: the middle of its baseline."""

    x: int
    y: int
    name: str


@dataclass(frozen=True, slots=True)
class DistrictShape:
    """One district's outline as path data, cut to the drawing."""

    name: str
    path: str
    label: DistrictLabel | None


@dataclass(frozen=True, slots=True)
class ParkMark:
    """A numbered park. Without a place it is listed, not drawn: ``x`` is then ``None``."""

    number: int
    name: str
    url: str
    place: str
    precision: str
    x: int | None = None
    y: int | None = None
    anchor_x: int | None = None
    anchor_y: int | None = None

    @property
    def is_placed(self) -> bool:
        return self.x is not None

    @property
    def is_exact(self) -> bool:
        return self.precision == "exact"

    @property
    def has_leader(self) -> bool:
        """Whether the mark had to step aside and needs a line to its place."""
        if self.x is None:
            return False
        return math.dist((self.x, self.y), (self.anchor_x, self.anchor_y)) >= LEADER_FROM


@dataclass(frozen=True, slots=True)
class Locator:
    """The whole city in small, with a frame around the part that the map shows."""

    width: int
    height: int
    path: str
    frame_x: int
    frame_y: int
    frame_width: int
    frame_height: int


@dataclass(frozen=True, slots=True)
class SchematicMap:
    """Everything the template needs."""

    width: int
    height: int
    districts: tuple[DistrictShape, ...]
    marks: tuple[ParkMark, ...]
    locator: Locator | None

    @property
    def placed(self) -> tuple[ParkMark, ...]:
        return tuple(mark for mark in self.marks if mark.is_placed)

    @property
    def has_exact(self) -> bool:
        return any(mark.is_exact for mark in self.placed)

    @property
    def has_approximate(self) -> bool:
        return any(not mark.is_exact for mark in self.placed)


class ParkInput(NamedTuple):
    """What the drawing needs of a park, hashable."""

    name: str
    url: str
    place: str
    precision: str
    longitude: float | None
    latitude: float | None


def build_map(districts: Iterable[Any], parks: Iterable[Any]) -> SchematicMap:
    """Draw ``parks`` over ``districts``.

    Districts give ``name``, ``kind`` and ``outline`` (GeoJSON geometry or ``None``); the city
    itself is left out, its parts draw it. Parks give ``map_name``, ``location``, ``longitude``,
    ``latitude``, ``precision`` and ``get_absolute_url()``, and are numbered in the given order,
    the same in drawing and list. No query, unless a park's attributes were deferred.
    """
    return _draw(
        tuple(
            (str(district.name), json.dumps(district.outline))
            for district in districts
            if district.outline and getattr(district, "kind", "") != "city"
        ),
        tuple(
            ParkInput(
                name=str(park.map_name),
                url=park.get_absolute_url(),
                place=str(park.location or ""),
                precision=str(park.precision),
                longitude=None if park.longitude is None else float(park.longitude),
                latitude=None if park.latitude is None else float(park.latitude),
            )
            for park in parks
        ),
    )


@lru_cache(maxsize=64)
def _draw(districts: tuple[tuple[str, str], ...], parks: tuple[ParkInput, ...]) -> SchematicMap:
    """``build_map`` on plain values. Finding room for names takes some 20 ms: kept per input."""
    shapes = [
        (name, rings) for name, outline in districts if (rings := outer_rings(json.loads(outline)))
    ]
    project = Projection(_middle_latitude(shapes, parks))
    land = [
        (name, [[project(*point) for point in ring] for ring in rings]) for name, rings in shapes
    ]
    places = {
        index: project(park.longitude, park.latitude)
        for index, park in enumerate(parks)
        if park.longitude is not None and park.latitude is not None
    }
    city = bounds(point for _name, rings in land for ring in rings for point in ring)
    window = _window(city, list(places.values()))
    scale = WIDTH / window.width

    def on_screen(point: Point) -> Point:
        return (point[0] - window.left) * scale, (point[1] - window.top) * scale

    anchors = {index: on_screen(place) for index, place in places.items()}
    centres = spread(list(anchors.values()), MARK_DISTANCE, _mark_field())
    positions = dict(zip(anchors, centres, strict=True))
    obstacles = [
        *(Window(x, y, x, y).grown(MARK_RADIUS + 3) for x, y in positions.values()),
        *(Window(x, y, x, y).grown(6) for x, y in anchors.values()),
    ]
    return SchematicMap(
        width=WIDTH,
        height=HEIGHT,
        districts=tuple(_district_shapes(land, on_screen, obstacles)),
        marks=tuple(
            _mark(number, park, positions.get(number - 1), anchors.get(number - 1))
            for number, park in enumerate(parks, start=1)
        ),
        locator=_locator(land, city, window),
    )


def label_width(name: str) -> float:
    """Width of a label in viewBox units, on the generous side."""
    return sum(2 * LETTER_WIDTH if ord(letter) > 0x2E7F else LETTER_WIDTH for letter in name)


def _mark_field() -> Window:
    return Window(0, 0, WIDTH, HEIGHT).grown(-MARK_RADIUS - 4)


def _middle_latitude(shapes: Sequence[tuple[str, list[Ring]]], parks: Sequence[ParkInput]) -> float:
    latitudes = [latitude for _name, rings in shapes for ring in rings for _lon, latitude in ring]
    latitudes = latitudes or [park.latitude for park in parks if park.latitude is not None]
    return (min(latitudes) + max(latitudes)) / 2 if latitudes else 0.0


def _window(city: Window | None, places: list[Point]) -> Window:
    """The part of the land to show: around the parks, or the whole city without them."""
    aspect = WIDTH / HEIGHT
    around = bounds(places)
    if around is None:
        around = city or Window(0, 0, LEAST_EXTENT, LEAST_EXTENT)
        return around.grown(0.03 * around.height).fitted(aspect)
    missing = max(0.0, LEAST_EXTENT - max(around.width, around.height)) / 2
    window = around.grown(missing)
    window = window.grown(0.22 * max(window.width, window.height)).fitted(aspect)
    if city and window.width * window.height > LOCATOR_BELOW * city.width * city.height:
        both = Window(
            min(city.left, around.left),
            min(city.top, around.top),
            max(city.right, around.right),
            max(city.bottom, around.bottom),
        )
        return both.grown(0.03 * both.height).fitted(aspect)
    return _slide_to_land(window, around, city) if city else window


def _slide_to_land(window: Window, around: Window, city: Window) -> Window:
    """``window`` moved so that less of it lies outside the city; the parks stay well inside."""
    spare = 0.1 * window.width
    edge = 0.05 * window.width
    dx = dy = 0.0
    if window.right > city.right + edge:
        dx = -min(window.right - city.right - edge, window.right - around.right - spare)
    elif window.left < city.left - edge:
        dx = min(city.left - edge - window.left, around.left - spare - window.left)
    if window.bottom > city.bottom + edge:
        dy = -min(window.bottom - city.bottom - edge, window.bottom - around.bottom - spare)
    elif window.top < city.top - edge:
        dy = min(city.top - edge - window.top, around.top - spare - window.top)
    return Window(window.left + dx, window.top + dy, window.right + dx, window.bottom + dy)


def _district_shapes(
    land: Land, on_screen: Callable[[Point], Point], obstacles: list[Window]
) -> Iterable[DistrictShape]:
    """Outlines with names where there is room; a name never covers a mark or another name."""
    sheet = Window(0, 0, WIDTH, HEIGHT)
    taken = list(obstacles)
    for name, rings in land:
        drawn = [clip([on_screen(point) for point in ring], sheet.grown(12)) for ring in rings]
        drawn = [simplify(ring, 1.2) for ring in drawn if ring]
        path = path_data(drawn)
        if not path:
            continue
        label = _place_label(name, drawn, sheet, taken)
        if label:
            taken.append(label_box(label))
        yield DistrictShape(name, path, label)


def label_box(label: DistrictLabel) -> Window:
    """The room a label takes."""
    half = label_width(label.name) / 2
    return Window(label.x - half, label.y - LABEL_HEIGHT * 0.75, label.x + half, label.y + 6)


def _place_label(
    name: str, rings: list[Ring], sheet: Window, taken: list[Window]
) -> DistrictLabel | None:
    """The roomiest free place for ``name`` inside the district, or ``None``."""
    best, best_room = None, 0.0
    half = label_width(name) / 2
    for ring in rings:
        area = bounds(ring)
        left, right = max(area.left, half + 8), min(area.right, sheet.right - half - 8)
        top, bottom = max(area.top, LABEL_HEIGHT), min(area.bottom, sheet.bottom - 14)
        for y in range(int(top), int(bottom), LABEL_STEP):
            for x in range(int(left), int(right), LABEL_STEP):
                label = DistrictLabel(x, y, name)
                box = label_box(label)
                middle = (x, y - 7)
                if best_room >= LABEL_ROOM:
                    return best
                if any(_overlap(box, other) for other in taken) or not contains(ring, middle):
                    continue
                ends = [(x - half, y - 7), (x + half, y - 7)]
                if not all(contains(ring, end) for end in ends):
                    continue
                room = min(clearance(ring, point) for point in (*ends, middle))
                if room > best_room:
                    best, best_room = label, room
    return best


def _overlap(one: Window, other: Window) -> bool:
    return (
        one.left < other.right
        and other.left < one.right
        and one.top < other.bottom
        and other.top < one.bottom
    )


def _mark(number: int, park: ParkInput, position: Point | None, anchor: Point | None) -> ParkMark:
    """View model of one park; ``position`` and ``anchor`` in viewBox units."""
    mark = {
        "number": number,
        "name": park.name,
        "url": park.url,
        "place": park.place,
        "precision": park.precision,
    }
    if position is None or anchor is None:
        return ParkMark(**mark)
    return ParkMark(
        **mark,
        x=round(position[0]),
        y=round(position[1]),
        anchor_x=round(anchor[0]),
        anchor_y=round(anchor[1]),
    )


def _locator(land: Land, city: Window | None, window: Window) -> Locator | None:
    """The city in small, unless the map already shows all of it."""
    if city is None or (window.width >= city.width and window.height >= city.height):
        return None
    around = Window(
        min(city.left, window.left),
        min(city.top, window.top),
        max(city.right, window.right),
        max(city.bottom, window.bottom),
    ).grown(0.02 * city.height)
    scale = LOCATOR_WIDTH / around.width

    def on_screen(point: Point) -> Point:
        return (point[0] - around.left) * scale, (point[1] - around.top) * scale

    rings = [
        simplify([on_screen(point) for point in ring], 1.0)
        for _name, rings in land
        for ring in rings
    ]
    left, top = on_screen((window.left, window.top))
    return Locator(
        width=LOCATOR_WIDTH,
        height=round(around.height * scale),
        path=path_data(rings),
        frame_x=round(left),
        frame_y=round(top),
        frame_width=round(window.width * scale),
        frame_height=round(window.height * scale),
    )
