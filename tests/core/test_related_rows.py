"""Related rows arrive with their parents, in one query."""

import pytest

from core.related_rows import RelatedRows, texts
from parks.models import Park, ParkPoint
from tests.factories import ParkFactory, ParkPointFactory, SourceFactory

pytestmark = pytest.mark.django_db


TEXT = ("kind", *texts("text"))


def parks_with_points(fields=TEXT):
    rows = ParkPoint.objects.order_by("order", "pk")
    return Park.objects.annotate(point_rows=RelatedRows(rows, "park", fields)).order_by("pk")


def test_every_parent_has_its_own_rows_in_order():
    first, second = ParkFactory(), ParkFactory()
    ParkPointFactory(park=first, text_en="later", order=2)
    ParkPointFactory(park=first, text_en="sooner", order=1)
    ParkPointFactory(park=second, text_en="other")

    found = [[row.text_en for row in park.point_rows] for park in parks_with_points()]

    assert found == [["sooner", "later"], ["other"]]


def test_a_parent_without_rows_has_an_empty_list():
    ParkFactory()

    assert parks_with_points().get().point_rows == []


def test_any_number_of_parents_and_rows_is_one_query(django_assert_num_queries):
    for _number in range(3):
        ParkPointFactory.create_batch(3, park=ParkFactory())

    with django_assert_num_queries(1):
        assert sum(len(park.point_rows) for park in parks_with_points()) == 9


def test_texts_keep_quotes_and_han_characters():
    ParkPointFactory(text_en='"Quay", <b>12</b> \\ m', text_zh_hans="码头“十二”")

    row = parks_with_points().get().point_rows[0]

    assert (row.text_en, row.text_zh_hans) == ('"Quay", <b>12</b> \\ m', "码头“十二”")
    assert row.text_zh_hant is None


def test_a_column_of_a_joined_table_can_be_named():
    ParkPointFactory(source=SourceFactory(publisher_en="Bureau"))
    park = parks_with_points([("publisher", "source__publisher_en")]).get()

    assert park.point_rows[0].publisher == "Bureau"


def test_a_model_stands_for_all_its_rows():
    ParkPointFactory()
    park = Park.objects.annotate(rows=RelatedRows(ParkPoint, "park", ["kind"])).get()

    assert [row.kind for row in park.rows] == ["strength"]


def test_texts_names_every_language_of_every_field():
    assert texts("a", "b") == ["a_en", "a_zh_hans", "a_zh_hant", "b_en", "b_zh_hans", "b_zh_hant"]
