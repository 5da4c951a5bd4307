"""Every change that a visitor could see gives the content a new version."""

from datetime import timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from core.models import SiteSettings
from publishing.models import Status
from publishing.versions import content_state, renew_content_version
from tests.factories import IndustryFactory, ParkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    return SiteSettings.current()


def state():
    return content_state(SiteSettings.current())


def test_saving_a_record_renews_the_version(site):
    before = state()
    ParkFactory()
    assert state() != before


def test_deleting_and_linking_renew_it_too(site):
    park, industry = ParkFactory(), IndustryFactory()
    before = state()
    park.industries.add(industry)
    linked = state()
    assert linked != before
    park.delete()
    assert state() != linked


def test_saving_stale_site_settings_does_not_bring_an_old_version_back(site):
    stale = SiteSettings.current()
    ParkFactory()
    newer = SiteSettings.current().content_version
    stale.save()
    assert SiteSettings.current().content_version not in {stale.content_version, newer}


def test_a_scheduled_moment_is_a_state_of_its_own(site):
    now = timezone.now()
    ParkFactory(publish_at=now + timedelta(hours=1), unpublish_at=now + timedelta(hours=2))
    settings = SiteSettings.current()
    states = {content_state(settings, now + timedelta(hours=hours)) for hours in (0, 1, 2)}
    assert len(states) == 3


def test_a_new_day_is_a_new_state_because_reviews_fall_due(site):
    now = timezone.now()
    assert content_state(site, now) != content_state(site, now + timedelta(days=1))


def test_renewing_takes_two_queries(site, django_assert_num_queries):
    with django_assert_num_queries(2):
        renew_content_version()


def test_a_stored_piece_shows_an_edit_at_once(client, site):
    park = ParkFactory(name_en="Old name")
    address = reverse("parks:detail", args=[park.slug])
    assert "Old name" in client.get(address).text
    park.name_en = "New name"
    park.save()
    assert "New name" in client.get(address).text


def test_a_stored_list_drops_a_park_at_the_second_it_expires(client, site):
    soon = timezone.now() + timedelta(minutes=5)
    ParkFactory(name_en="Leaving soon", unpublish_at=soon)
    address = reverse("parks:list")
    assert "Leaving soon" in client.get(address).text
    with time_machine.travel(soon + timedelta(seconds=1)):
        assert "Leaving soon" not in client.get(address).text


def test_a_stored_list_never_shows_a_draft(client, site):
    park = ParkFactory(name_en="Taken back")
    assert "Taken back" in client.get(reverse("parks:list")).text
    park.status = Status.DRAFT
    park.save()
    assert "Taken back" not in client.get(reverse("parks:list")).text


def test_a_warm_page_costs_site_record_and_menu(
    client, site, django_assert_num_queries
):
    address = reverse("parks:detail", args=[ParkFactory().slug])
    client.get(address)
    with django_assert_num_queries(3):
        client.get(address)


def test_an_address_that_cannot_be_stored_is_rendered_every_time(site):
    template = Template('{% load stored %}{% stored "x" key %}{{ value }}{% endstored %}')
    first = template.render(Context({"site": site, "key": None, "value": 1}))
    second = template.render(Context({"site": site, "key": None, "value": 2}))
    assert (first, second) == ("1", "2")


def test_unknown_names_in_the_query_are_answered_but_not_stored(client, site):
    response = client.get(reverse("parks:list"), {"utm_source": "x"})
    assert response.status_code == 200
    assert response.context["stored_as"] is None
