"""Editors' pages, menus and history keep their rules."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import URLPattern, get_resolver

from core.partial_dates import PartialDate
from portal.models import RESERVED_SLUGS, HistoryEvent, MenuItem, StarterRecord
from tests.factories import (
    HistoryEventFactory,
    MenuItemFactory,
    PageFactory,
    ParkFactory,
    SourceFactory,
)
from tests.rules import assert_accepted, assert_refused

pytestmark = pytest.mark.django_db


def first_parts(resolver, prefix: str = "") -> set[str]:
    """First part of every address below a language that is not a page of the editors."""
    found = set()
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.add(path.removeprefix("en/").partition("/")[0] if path[:3] == "en/" else "")
        else:
            found |= first_parts(entry, path)
    return {part for part in found if part and "<" not in part}


def test_a_page_needs_an_address_and_a_title():
    assert_accepted(PageFactory.build(slug="about"))


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_a_page_does_not_take_an_address_of_the_portal(slug):
    with pytest.raises(ValidationError, match="The portal uses this address itself"):
        PageFactory.build(slug=slug).full_clean()


def test_every_address_of_the_portal_is_reserved():
    assert first_parts(get_resolver()) <= RESERVED_SLUGS


def test_a_menu_entry_leads_to_an_address_or_to_a_page():
    assert_accepted(MenuItemFactory.build(address="/parks/"))
    assert_accepted(MenuItemFactory.build(address="", page=PageFactory()))


@pytest.mark.parametrize("address", ["", "parks/", "https://example.org/"])
def test_a_menu_entry_without_a_target_is_refused(address):
    assert_refused(
        MenuItemFactory.build(address=address),
        "Choose a page, or write an address that begins with /.",
    )


def test_a_menu_entry_with_two_targets_is_refused():
    assert_refused(
        MenuItemFactory.build(address="/parks/", page=PageFactory()),
        "Choose a page, or write an address that begins with /.",
    )


@pytest.mark.parametrize("address", ["//example.org/", "/\\example.org"])
def test_a_menu_entry_never_leads_to_another_site(address):
    assert_refused(
        MenuItemFactory.build(address=address),
        "Write an address of this site, beginning with one /.",
    )


def test_a_menu_entry_goes_with_its_page():
    MenuItemFactory(address="", page=PageFactory()).page.delete()

    assert not MenuItem.objects.exists()


def test_menu_entries_are_in_their_order():
    second, first = MenuItemFactory(order=2), MenuItemFactory(order=1)

    assert list(MenuItem.objects.all()) == [first, second]


def test_an_event_needs_date_title_and_source():
    assert_accepted(HistoryEventFactory.build(source=SourceFactory()))
    with pytest.raises(ValidationError) as refusal:
        HistoryEvent(slug="x").full_clean()
    assert {"date", "title", "source"} <= set(refusal.value.message_dict)


def test_events_are_in_the_order_of_their_dates_however_exact():
    dates = [PartialDate(2012, 10, 27), PartialDate(2012), PartialDate(1958), PartialDate(2012, 10)]
    for moment in dates:
        HistoryEventFactory(date=moment)

    assert [event.date for event in HistoryEvent.objects.all()] == sorted(dates)


def test_an_event_outlives_its_park_but_not_its_source():
    event = HistoryEventFactory(park=ParkFactory())
    event.park.delete()
    event.refresh_from_db()

    assert event.park is None
    with pytest.raises(ProtectedError):
        event.source.delete()


def test_a_starter_record_is_noted_once():
    event = HistoryEventFactory()
    StarterRecord.objects.create(file="history", key="x", record=event)

    with pytest.raises(IntegrityError), transaction.atomic():
        StarterRecord.objects.create(file="history", key="x", record=event)
