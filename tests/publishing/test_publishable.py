"""What every public record has: an address, a state, a schedule, who and when."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from portal.models import Page
from publishing.models import Publishable, Redirect, Status
from tests.factories import (
    HistoryEventFactory,
    IndicatorFactory,
    IndustryFactory,
    PageFactory,
    ParkFactory,
    PostFactory,
    ProjectFactory,
)
from tests.rules import assert_accepted, assert_refused

pytestmark = pytest.mark.django_db

FACTORIES = (
    HistoryEventFactory,
    IndicatorFactory,
    IndustryFactory,
    PageFactory,
    ParkFactory,
    PostFactory,
    ProjectFactory,
)
NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)

every_kind = pytest.mark.parametrize(
    "factory", FACTORIES, ids=lambda made: made._meta.model.__name__
)


def test_every_kind_of_record_is_tested():
    assert {factory._meta.model for factory in FACTORIES} == set(Publishable.__subclasses__())


def test_a_new_record_is_a_draft():
    assert Page(slug="about").status == Status.DRAFT


@every_kind
def test_every_record_has_an_address_in_its_language(factory):
    record = factory(slug="one")

    assert record.get_absolute_url().startswith("/en/")
    assert "one" in record.get_absolute_url()


@every_kind
def test_every_record_is_called_by_its_title(factory):
    record = factory()

    assert str(record) == record.title_text
    assert record.title_text


def test_a_record_without_title_is_called_by_its_address():
    assert str(Page(slug="about")) == "about"


@every_kind
def test_an_address_is_used_once(factory):
    taken = factory(slug="one")
    related = {
        name: getattr(taken, name)
        for name in ("district", "industry", "topic", "source")
        if getattr(taken, name, None)
    }

    assert_refused(factory.build(slug="one", **related), "Address already exists.")


@every_kind
def test_a_page_is_not_taken_down_before_it_is_published(factory):
    made = factory()
    made.publish_at = NOW

    made.unpublish_at = NOW + timedelta(seconds=1)
    assert_accepted(made)
    for moment in (NOW, NOW - timedelta(seconds=1)):
        made.unpublish_at = moment
        assert_refused(made, "The page would be taken down before it is published.")


@pytest.mark.parametrize("slug", ["über-uns", "关于", "about us", "a/b", "a.b", ""])
def test_an_address_is_plain_ascii(slug):
    with pytest.raises(ValidationError) as refusal:
        PageFactory.build(slug=slug).full_clean()

    assert "slug" in refusal.value.message_dict


def test_saving_notes_when():
    with time_machine.travel(NOW, tick=False):
        page = PageFactory()
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        page.save()

    page.refresh_from_db()
    assert (page.created_at, page.updated_at) == (NOW, NOW + timedelta(days=1))


def test_an_unchanged_address_leaves_no_redirect():
    page = PageFactory()
    page.title_en = "Another title"
    page.save()

    assert not Redirect.objects.exists()


def test_who_may_publish_is_a_permission_of_its_own():
    assert "publish" in Page._meta.default_permissions


def test_the_base_itself_has_no_address():
    with pytest.raises(NotImplementedError):
        Publishable.get_absolute_url(Page(slug="about"))
