"""The one rule of what a visitor sees, asked of the database and of a record at hand."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from parks.models import Park
from publishing.models import Status
from tests.factories import ParkFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


@pytest.mark.parametrize("status", Status.values)
def test_only_a_published_record_is_public(status):
    park = ParkFactory(status=status)

    assert Park.objects.public().exists() is (status == "published")
    assert park.is_public is (status == "published")


@pytest.mark.parametrize(
    ("schedule", "is_public"),
    [
        ({}, True),
        ({"publish_at": NOW}, True),
        ({"publish_at": NOW - MOMENT}, True),
        ({"publish_at": NOW + MOMENT}, False),
        ({"unpublish_at": NOW + MOMENT}, True),
        ({"unpublish_at": NOW}, False),
        ({"unpublish_at": NOW - MOMENT}, False),
        ({"publish_at": NOW - MOMENT, "unpublish_at": NOW + MOMENT}, True),
        ({"publish_at": NOW + MOMENT, "unpublish_at": NOW + 2 * MOMENT}, False),
    ],
)
def test_the_schedule_holds_to_the_second_for_query_and_record_alike(schedule, is_public):
    with time_machine.travel(NOW, tick=False):
        park = ParkFactory(**schedule)

        assert Park.objects.public().exists() is is_public
        assert park.is_public is is_public


@pytest.mark.parametrize("status", ["draft", "in_review", "archived"])
def test_a_schedule_publishes_no_draft(status):
    ParkFactory(status=status, publish_at=NOW - MOMENT)

    assert not Park.objects.public(at=NOW).exists()


def test_one_can_ask_for_another_moment():
    ParkFactory(publish_at=NOW)

    assert not Park.objects.public(at=NOW - MOMENT).exists()
    assert Park.objects.public(at=NOW).exists()


def test_nothing_has_to_run_for_a_page_to_appear_and_to_go(client):
    park = ParkFactory(publish_at=NOW, unpublish_at=NOW + timedelta(days=1))
    address = park.get_absolute_url()

    seen = []
    for moment in (NOW - MOMENT, NOW, NOW + timedelta(days=1) - MOMENT, NOW + timedelta(days=1)):
        with time_machine.travel(moment, tick=False):
            seen.append(client.get(address).status_code)

    assert seen == [404, 200, 200, 404]


def test_the_plain_manager_hides_nothing_from_editors():
    ParkFactory(status=Status.DRAFT)

    assert Park.objects.count() == 1
