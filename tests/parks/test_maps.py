"""The schematic map: what is drawn where, and what never covers what."""

import json
import math
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from parks.maps import HEIGHT, MARK_DISTANCE, WIDTH, build_map, label_box
from parks.outlines import (
    Projection,
    Window,
    clip,
    contains,
    distance_to_segment,
    outer_rings,
    path_data,
    simplify,
    spread,
)

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


def district(name="Dinghu", west=112.5, south=23.0, size=0.3, kind="county", outline=None):
    if outline is None:
        east, north = west + size, south + size
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        outline = {"type": "Polygon", "coordinates": [ring]}
    return SimpleNamespace(name=name, kind=kind, outline=outline)


def park(name="Lingang", longitude=112.65, latitude=23.15, precision="town"):
    return SimpleNamespace(
        map_name=name,
        location="Yong'an Town",
        longitude=longitude,
        latitude=latitude,
        precision=precision,
        get_absolute_url=lambda: f"/en/parks/{name.lower()}/",
    )


@pytest.fixture(scope="module")
def real_districts():
    path = Path(settings.BASE_DIR) / "portal/starter/districts.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [
        district(name=f"District {f['properties']['code']}", outline=f["geometry"])
        for f in features
    ]


def test_projection_shortens_longitude_and_turns_latitude_down() -> None:
    x, y = Projection(60.0)(10.0, 20.0)

    assert x == pytest.approx(5.0)
    assert y == -20.0


def test_simplify_drops_points_that_change_nothing_and_keeps_corners() -> None:
    ring = [(0.0, 0.0), (5.0, 0.1), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]

    assert simplify(ring, 1.0) == SQUARE
    assert (5.0, 0.1) in simplify(ring, 0.05)


def test_simplify_moves_no_point_farther_than_the_tolerance(real_districts) -> None:
    ring = [(x * 100, y * 100) for x, y in outer_rings(real_districts[0].outline)[0]]
    short = simplify(ring, 2.0)

    assert 3 <= len(short) < len(ring)
    for point in ring:
        nearest = min(
            distance_to_segment(point, short[index - 1], end) for index, end in enumerate(short)
        )
        assert nearest <= 2.0


def test_clip_cuts_at_the_window_and_leaves_out_what_is_beyond() -> None:
    cut = clip(SQUARE, Window(5, -5, 20, 20))

    assert min(x for x, _y in cut) == 5
    assert sorted(cut) == [(5, 0), (5, 10), (10, 0), (10, 10)]
    assert clip(SQUARE, Window(30, 30, 40, 40)) == []


def test_path_data_is_relative_whole_numbers_and_skips_slivers() -> None:
    assert path_data([SQUARE]) == "M0 0l10 0 0 10-10 0z"
    assert path_data([[(0.1, 0.1), (0.2, 0.2), (0.3, 0.1)]]) == ""


@pytest.mark.parametrize(
    "geometry",
    [None, {}, {"type": "Point", "coordinates": [1, 2]}, {"type": "Polygon", "coordinates": "x"},
     {"type": "Polygon", "coordinates": []}, {"type": "MultiPolygon", "coordinates": None}, "x"],
)  # fmt: skip
def test_a_broken_outline_gives_no_ring_and_no_error(geometry) -> None:
    assert outer_rings(geometry) == []


def test_contains_knows_inside_from_outside() -> None:
    assert contains(SQUARE, (5, 5))
    assert not contains(SQUARE, (11, 5))


def test_marks_on_one_spot_fan_out_and_stay_on_the_sheet() -> None:
    field = Window(0, 0, 800, 600)
    placed = spread([(10.0, 10.0)] * 6, MARK_DISTANCE, field)

    assert all(math.dist(a, b) >= MARK_DISTANCE - 1 for a, b in combinations(placed, 2))
    assert all(field.holds(point) for point in placed)


def test_marks_that_do_not_touch_stay_where_they_are() -> None:
    assert spread([(100.0, 100.0), (300.0, 100.0)], MARK_DISTANCE, Window(0, 0, 800, 600)) == [
        pytest.approx((100, 100), abs=0.1),
        pytest.approx((300, 100), abs=0.1),
    ]


def test_the_same_input_gives_the_same_map(real_districts) -> None:
    parks = [park("A"), park("B"), park("C", 112.7, 23.3)]

    assert build_map(real_districts, parks) == build_map(real_districts, parks)


def test_two_parks_in_one_town_get_leader_lines_to_their_place() -> None:
    drawn = build_map([district()], [park("A"), park("B")])
    one, two = drawn.marks

    assert one.has_leader
    assert two.has_leader
    assert (one.anchor_x, one.anchor_y) == (two.anchor_x, two.anchor_y)
    assert math.dist((one.x, one.y), (two.x, two.y)) >= MARK_DISTANCE - 2


@pytest.mark.parametrize("degrees", [0.002, 0.01, 0.02, 0.025, 0.03, 0.05])
def test_marks_of_neighbours_never_overlap(degrees) -> None:
    one, two = build_map([district()], [park("A"), park("B", 112.65 + degrees)]).marks

    assert math.dist((one.x, one.y), (two.x, two.y)) >= MARK_DISTANCE - 2


def test_north_is_up_and_east_is_right() -> None:
    drawn = build_map([district()], [park("A", 112.6, 23.2), park("B", 112.7, 23.05)])
    one, two = drawn.marks

    assert one.x < two.x
    assert one.y < two.y


def test_marks_and_labels_never_cover_each_other(real_districts) -> None:
    parks = [
        park("A", 112.6885, 23.1792), park("B", 112.6885, 23.1792), park("C", 112.825, 23.325),
        park("D", 112.7434, 23.2481), park("E", 112.6869, 23.2626), park("F", 112.7774, 23.0786),
    ]  # fmt: skip
    drawn = build_map(real_districts, parks)
    marks = [Window(m.x - 25, m.y - 25, m.x + 25, m.y + 25) for m in drawn.placed]
    labels = [label_box(shape.label) for shape in drawn.districts if shape.label]

    assert len(labels) >= 3
    sheet = Window(0, 0, WIDTH, HEIGHT)
    for box in [*marks, *labels]:
        assert sheet.holds((box.left, box.top))
        assert sheet.holds((box.right, box.bottom))
    for label in labels:
        for other in [*marks, *(box for box in labels if box is not label)]:
            apart = (
                label.right <= other.left
                or other.right <= label.left
                or label.bottom <= other.top
                or other.bottom <= label.top
            )
            assert apart


def test_the_map_shows_the_parks_surroundings_and_a_locator_shows_where(real_districts) -> None:
    drawn = build_map(real_districts, [park()])
    locator = drawn.locator

    assert locator is not None
    assert 0 <= locator.frame_x < locator.frame_x + locator.frame_width <= locator.width
    assert 0 <= locator.frame_y < locator.frame_y + locator.frame_height <= locator.height
    assert len(drawn.districts) < len(real_districts), "what lies off the sheet is not drawn"


def test_without_parks_the_whole_city_is_drawn_without_a_locator(real_districts) -> None:
    drawn = build_map(real_districts, [])

    assert drawn.marks == ()
    assert drawn.locator is None
    assert len(drawn.districts) == len(real_districts)


def test_path_data_stays_small(real_districts) -> None:
    for parks in ([], [park()], [park(), park("B", 112.83, 23.5)]):
        drawn = build_map(real_districts, parks)
        size = sum(len(shape.path) for shape in drawn.districts)
        size += len(drawn.locator.path) if drawn.locator else 0
        assert size <= 5000


def test_a_park_without_a_place_is_listed_but_not_drawn() -> None:
    drawn = build_map([district()], [park("A"), park("B", None, None)])

    assert [mark.number for mark in drawn.marks] == [1, 2]
    assert [mark.name for mark in drawn.placed] == ["A"]
    assert not drawn.marks[1].has_leader


def test_the_city_itself_and_districts_without_outline_are_left_out() -> None:
    bare = SimpleNamespace(name="Zone", kind="zone", outline=None)
    drawn = build_map([district("City", kind="city"), bare, district("Dinghu")], [park()])

    assert [shape.name for shape in drawn.districts] == ["Dinghu"]


def test_nothing_to_draw_gives_an_empty_map_and_prints_nothing() -> None:
    drawn = build_map([], [])

    assert drawn.districts == ()
    assert render_to_string("components/_map.html", {"map": drawn}).strip() == ""


def test_a_park_without_any_district_is_still_drawn() -> None:
    mark = build_map([], [park()]).marks[0]

    assert (mark.x, mark.y) == (WIDTH // 2, HEIGHT // 2)


def test_the_page_links_every_park_in_the_drawing_and_in_the_list() -> None:
    parks = [park("A", precision="exact"), park("B", 112.7, 23.05), park("C", None, None)]
    html = render_to_string("components/_map.html", {"map": build_map([district()], parks)})

    assert html.count('href="/en/parks/a/"') == 2
    assert html.count('href="/en/parks/b/"') == 2
    assert html.count('href="/en/parks/c/"') == 1
    assert html.count("map__mark--exact") == 1
    assert "Place not stated" in html
    assert "Schematic map, not for surveying" in html
    assert "style=" not in html


def test_names_are_escaped() -> None:
    html = render_to_string(
        "components/_map.html", {"map": build_map([district("<b>x")], [park("<i>y")])}
    )

    assert "<b>" not in html
    assert "<i>" not in html
