"""Old addresses never die, and lead to nothing that is not public."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from publishing.models import Redirect, Status
from tests.factories import (
    HistoryEventFactory,
    IndicatorFactory,
    PageFactory,
    ParkFactory,
    PostFactory,
    ProjectFactory,
    RedirectFactory,
)
from tests.rules import assert_accepted, assert_refused

pytestmark = pytest.mark.django_db


def rename(record, slug: str):
    record.slug = slug
    record.save()
    return record


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize(
    ("factory", "path"),
    [
        (ParkFactory, "/parks/{}/"),
        (ProjectFactory, "/projects/{}/"),
        (PostFactory, "/news/{}/"),
        (PageFactory, "/{}/"),
    ],
)
def test_the_old_address_leads_to_the_new_one_in_the_same_language(client, language, factory, path):
    rename(factory(slug="old"), "new")

    response = client.get(f"/{language}{path.format('old')}")

    assert response.status_code == 301
    assert response["Location"] == f"/{language}{path.format('new')}"
    assert client.get(response["Location"]).status_code == 200


def test_the_query_comes_along(client):
    rename(ParkFactory(slug="old"), "new")

    response = client.get("/en/parks/old/?from=fair&q=%E5%9B%AD")

    assert response["Location"] == "/en/parks/new/?from=fair&q=%E5%9B%AD"


def test_two_renamings_take_one_step(client):
    park = rename(ParkFactory(slug="first"), "second")
    rename(park, "third")

    assert client.get("/en/parks/first/")["Location"] == "/en/parks/third/"
    assert client.get("/en/parks/second/")["Location"] == "/en/parks/third/"


def test_a_record_that_takes_its_old_address_back_does_not_lead_in_a_circle(client):
    park = rename(ParkFactory(slug="first"), "second")
    rename(park, "first")

    assert client.get("/en/parks/first/").status_code == 200
    assert client.get("/en/parks/second/")["Location"] == "/en/parks/first/"
    assert not Redirect.objects.filter(old_path="/parks/first/").exists()


def test_a_new_record_at_the_old_address_is_shown(client):
    rename(ParkFactory(slug="old"), "new")
    ParkFactory(slug="old", name_en="Newcomer")

    response = client.get("/en/parks/old/")

    assert response.status_code == 200
    assert b"Newcomer" in response.content


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": Status.DRAFT},
        {"status": Status.IN_REVIEW},
        {"status": Status.ARCHIVED},
        {"publish_at": timezone.now() + timedelta(days=1)},
        {"unpublish_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_an_old_address_does_not_give_away_what_is_hidden(client, hidden):
    park = rename(ParkFactory(slug="old", **hidden), "secret-name")

    response = client.get("/en/parks/old/")

    assert response.status_code == 404
    assert "secret-name" not in response.content.decode()
    assert park.pk


def test_the_old_address_of_a_deleted_record_is_not_found(client):
    rename(ParkFactory(slug="old"), "new").delete()

    assert client.get("/en/parks/old/").status_code == 404


@pytest.mark.parametrize("factory", [IndicatorFactory, HistoryEventFactory])
def test_a_record_without_a_page_of_its_own_leaves_no_redirect(factory):
    rename(factory(slug="old"), "new")

    assert not Redirect.objects.exists()


def test_an_editor_can_lead_any_old_address_on(client):
    RedirectFactory(old_path="/land/", new_path="/parks/")

    response = client.get("/zh-hans/land/?page=2")

    assert (response.status_code, response["Location"]) == (301, "/zh-hans/parks/?page=2")


def test_a_page_that_exists_is_never_redirected(client):
    RedirectFactory(old_path="/parks/", new_path="/news/")

    assert client.get("/en/parks/").status_code == 200


def test_an_address_without_language_is_not_looked_up(client, django_assert_num_queries):
    RedirectFactory(old_path="/land/", new_path="/parks/")

    assert client.get("/land/").status_code == 404


def test_an_endless_address_is_just_not_found(client):
    assert client.get(f"/en/{'x' * 5000}/").status_code == 404


def test_a_redirect_leads_from_one_address_once():
    RedirectFactory(old_path="/land/")

    assert_refused(RedirectFactory.build(old_path="/land/"), "already exists")


@pytest.mark.parametrize(
    "address", ["https://example.org/", "example.org", "//example.org/", "/\\example.org"]
)
def test_a_redirect_never_leads_to_another_site(address):
    assert_refused(
        RedirectFactory.build(new_path=address),
        "Write an address of this site, beginning with one /.",
    )


def test_a_redirect_within_the_site_is_accepted():
    assert_accepted(RedirectFactory.build(old_path="/land/", new_path="/parks/"))


def test_a_redirect_is_called_by_what_it_replaces():
    assert str(RedirectFactory.build(old_path="/land/")) == "/land/"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("/en/old/", "/old/"),
        ("/old", "/old/"),
        ("/zh-hans/old/?a=b#c", "/old/"),
        ("/", "/"),
    ],
)
def test_addresses_are_brought_into_the_form_in_which_they_are_looked_up(written, stored):
    redirect = Redirect(old_path=written, new_path="/en/parks")
    redirect.full_clean()
    assert (redirect.old_path, redirect.new_path) == (stored, "/parks/")


def test_a_redirect_to_itself_is_refused():
    with pytest.raises(ValidationError, match="lead to itself"):
        Redirect(old_path="/en/loop/", new_path="/loop").full_clean()


def test_a_redirect_without_a_target_is_refused():
    with pytest.raises(ValidationError, match="Write where the old address leads"):
        Redirect(old_path="/old/").full_clean()


def test_saving_one_column_remembers_no_address_that_never_changed():
    park = ParkFactory(slug="lingang")
    park.slug, park.order = "renamed", 7
    park.save(update_fields=["order"])
    assert not Redirect.objects.exists()


def test_browsers_may_keep_a_redirect_for_an_hour_only(client):
    park = ParkFactory(slug="old")
    park.slug = "new"
    park.save()
    assert client.get("/en/parks/old/")["Cache-Control"] == "max-age=3600"
