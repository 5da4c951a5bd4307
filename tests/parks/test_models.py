"""Districts, industries and parks keep their rules."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ProtectedError

from parks.models import Industry, Park, TransportLink
from tests.factories import (
    ChainLinkFactory,
    DistrictFactory,
    ImageFactory,
    IndustryFactory,
    ParkFactory,
    ParkImageFactory,
    ParkPointFactory,
    TransportLinkFactory,
)
from tests.rules import assert_accepted, assert_refused

pytestmark = pytest.mark.django_db


def new_park(**values: object) -> Park:
    return ParkFactory.build(district=DistrictFactory(), **values)


def test_a_park_needs_only_name_and_district():
    assert_accepted(new_park())


def test_a_park_without_district_is_refused():
    with pytest.raises(ValidationError) as refusal:
        Park(slug="lingang", name="Lingang").full_clean()

    assert "district" in refusal.value.message_dict


@pytest.mark.parametrize(
    "areas",
    [
        {"planned_area": 1000, "developed_area": 1000},
        {"planned_area": 1000, "developed_area": None},
        {"planned_area": None, "developed_area": 1000},
    ],
)
def test_what_is_developed_fits_into_what_is_planned(areas):
    assert_accepted(new_park(**areas))


def test_more_developed_than_planned_is_refused():
    assert_refused(
        new_park(planned_area=1000, developed_area=Decimal("1000.01")),
        "The developed area is larger than the planned area.",
    )


@pytest.mark.parametrize("field", ["planned_area", "developed_area", "available_area"])
@pytest.mark.parametrize("area", [Decimal(0), Decimal(-1)])
def test_an_area_is_more_than_nothing_or_not_stated(field, area):
    with pytest.raises(ValidationError) as refusal:
        new_park(**{field: area}).full_clean()

    assert field in refusal.value.message_dict


def test_a_place_has_both_degrees():
    assert_accepted(new_park(longitude="112.688500", latitude="23.179200"))


@pytest.mark.parametrize("place", [{"longitude": "112.6885"}, {"latitude": "23.1792"}])
def test_half_a_place_is_refused(place):
    assert_refused(new_park(**place), "Give longitude and latitude, or neither.")


@pytest.mark.parametrize(
    "place", [{"longitude": "180.1", "latitude": "0"}, {"longitude": "0", "latitude": "-90.1"}]
)
def test_a_place_off_the_earth_is_refused(place):
    with pytest.raises(ValidationError):
        new_park(**place).full_clean()


def test_a_district_has_both_degrees_or_neither():
    assert_accepted(DistrictFactory.build())
    assert_accepted(DistrictFactory.build(longitude="112.668000", latitude="23.158000"))


@pytest.mark.parametrize("place", [{"longitude": "112.668"}, {"latitude": "23.158"}])
def test_half_a_place_of_a_district_is_refused(place):
    assert_refused(DistrictFactory.build(**place), "Give longitude and latitude, or neither.")


def test_a_district_off_the_earth_is_refused():
    with pytest.raises(ValidationError) as refusal:
        DistrictFactory.build(longitude="112", latitude="90.1").full_clean()

    assert "latitude" in refusal.value.message_dict


def test_the_map_takes_the_short_name_if_there_is_one():
    assert ParkFactory.build(name_en="Lingang Industrial Park", district=None).map_name == (
        "Lingang Industrial Park"
    )
    assert new_park(short_name_en="Lingang").map_name == "Lingang"


def test_a_district_with_parks_cannot_be_deleted():
    park = ParkFactory()

    with pytest.raises(ProtectedError):
        park.district.delete()


def test_a_park_outlives_its_officer():
    park = ParkFactory()
    assert Park._meta.get_field("officer").null
    park.refresh_from_db()
    assert park.officer is None


@pytest.mark.parametrize(
    "measured",
    [
        {"distance_km": Decimal("12.5"), "minutes": None},
        {"distance_km": None, "minutes": 20},
        {"distance_km": Decimal(0), "minutes": 0},
    ],
)
def test_a_transport_link_has_distance_or_time(measured):
    assert_accepted(TransportLinkFactory.build(park=ParkFactory(), **measured))


def test_a_transport_link_that_measures_nothing_is_refused():
    assert_refused(
        TransportLinkFactory.build(park=ParkFactory(), distance_km=None, minutes=None),
        "Give a distance or a travel time.",
    )


def test_a_picture_is_in_a_gallery_once():
    park, image = ParkFactory(), ImageFactory()
    ParkImageFactory(park=park, image=image)

    assert_refused(
        ParkImageFactory.build(park=park, image=image), "This picture is already in the gallery."
    )
    assert_accepted(ParkImageFactory.build(park=ParkFactory(), image=image))


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (DistrictFactory.build(name_en="Dinghu"), "Dinghu"),
        (DistrictFactory.build(name_en="", slug="dinghu"), "dinghu"),
        (ParkPointFactory.build(park=None, text_en="Near the port"), "Near the port"),
        (ChainLinkFactory.build(industry=None, name_en="Batteries"), "Batteries"),
        (TransportLinkFactory.build(park=None, name_en="Airport"), "Airport"),
    ],
)
def test_records_are_called_by_their_names(record, name):
    assert str(record) == name


def test_a_card_has_district_industries_and_sources_in_two_queries(django_assert_num_queries):
    for _number in range(3):
        ParkFactory().industries.add(IndustryFactory(), IndustryFactory())
    # SQLite is asked once in a process whether it knows JSON.
    assert connection.features.supports_json_field

    with django_assert_num_queries(2):
        for park in Park.objects.for_cards():
            assert park.district.name
            assert len(park.industry_rows) == 2
            assert park.citation_for("planned_area") is None


def test_only_public_industries_are_named_with_a_park():
    park = ParkFactory()
    park.industries.add(
        IndustryFactory(name_en="Vehicles"), IndustryFactory(name_en="Secret", status="draft")
    )

    assert [row.name_en for row in Park.objects.with_industries().get().industry_rows] == [
        "Vehicles"
    ]


def test_a_park_page_has_points_and_distances_in_their_order():
    park = ParkFactory()
    ParkPointFactory(park=park, text_en="second", order=2)
    ParkPointFactory(park=park, text_en="first", order=1)
    TransportLinkFactory(park=park, name_en="Port")
    found = Park.objects.for_page().get()

    assert [row.text_en for row in found.point_rows] == ["first", "second"]
    assert [row.name_en for row in found.transport_rows] == ["Port"]
    assert found.transport_rows[0].measure == TransportLink.Measure.STATED
    assert found.has_gallery is False


def test_an_industry_page_has_its_value_chain():
    industry = IndustryFactory()
    ChainLinkFactory(industry=industry, name_en="Cars", order=2)
    ChainLinkFactory(industry=industry, name_en="Batteries", order=1)

    assert [row.name_en for row in Industry.objects.for_page().get().chain_rows] == [
        "Batteries",
        "Cars",
    ]
