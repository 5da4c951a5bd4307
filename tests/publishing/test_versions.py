"""Every change that a visitor could see gives the content a new version."""

from datetime import timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone

from core.intake_models import BlockedSender, Heartbeat, RateWindow
from core.models import SiteSettings
from news.models import Question
from parks.models import Park
from publishing.models import Status
from publishing.versions import content_state, one_renewal, renew_content_version
from tests.factories import IndustryFactory, ParkFactory, PostFactory

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


def test_renewing_takes_three_queries_in_a_transaction(site, django_assert_num_queries):
    savepoint_and_release = 2
    with django_assert_num_queries(3 + savepoint_and_release):
        renew_content_version()


def test_a_question_that_waits_for_an_answer_does_not_empty_the_store(site):
    post = PostFactory()
    before = state()
    question = Question.objects.create(post=post, text="When?", language="en")
    assert state() == before
    question.status = Question.Status.REFUSED
    question.save()
    assert state() != before


def test_what_the_machinery_notes_for_itself_does_not_empty_the_store(site):
    before = state()
    Heartbeat.objects.create(name="worker").save()
    RateWindow.objects.create(key="x", ends_at=timezone.now())
    RateWindow.objects.all().delete()
    BlockedSender.objects.create(kind=BlockedSender.Kind.DOMAIN, value="example.com")
    assert state() == before


def test_an_import_renews_once(site):
    with one_renewal():
        ParkFactory()
        during = SiteSettings.current().content_version
        ParkFactory()
        assert SiteSettings.current().content_version == during
    assert SiteSettings.current().content_version != during


def test_a_failed_import_changes_nothing(site):
    before = state()

    def import_and_fail():
        with one_renewal():
            ParkFactory()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        import_and_fail()
    assert state() == before
    assert not Park.objects.exists()


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


def test_an_address_that_cannot_be_stored_is_rendered_every_time(site):
    template = Template('{% load stored %}{% stored "x" key %}{{ value }}{% endstored %}')
    first = template.render(Context({"site": site, "key": None, "value": 1}))
    second = template.render(Context({"site": site, "key": None, "value": 2}))
    assert (first, second) == ("1", "2")


def test_unknown_names_in_the_query_are_answered_but_not_stored(client, site):
    response = client.get(reverse("parks:list"), {"utm_source": "x"})
    assert response.status_code == 200
    assert response.context["stored_as"] is None


@pytest.mark.parametrize(
    "query", ["page=7", "page=abc", "kind=palace", "x=1", "kind=palace&page=1"]
)
def test_what_was_not_understood_adds_nothing_to_the_store(client, site, query):
    ParkFactory()
    response = client.get(f"{reverse('parks:list')}?{query}")
    assert response.status_code == 200
    assert response.context["stored_as"] is None


def test_an_empty_year_of_news_adds_nothing_to_the_store(client, site):
    response = client.get(reverse("news:year", args=[1871]))
    assert response.context["stored_as"] is None
