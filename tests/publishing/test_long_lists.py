"""Lists with many rows: what is counted once, and which rows stand on which page."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import SiteSettings
from news.models import Post
from tests.factories import PostFactory, ProjectFactory, TopicFactory
from tests.reading import soup

pytestmark = pytest.mark.django_db


def shown(client, address):
    """Slugs of the records on a page of a list, in order."""
    found = [link["href"].rsplit("/", 2)[-2] for link in soup(client.get(address)).select("h3 a")]
    return [slug for slug in found if slug.startswith("row-")]


def counting(client, address):
    """Statements of a request that count or sum up rows."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured if "COUNT(" in query["sql"]]


@pytest.mark.parametrize("rows", [20, 21, 29, 30])
def test_every_row_is_on_one_page_of_the_list_and_in_order(client, rows):
    topic = TopicFactory()
    for number in range(rows):
        PostFactory(
            slug=f"row-{number:02}",
            topic=topic,
            date=datetime.date(2026, 1, 1) + datetime.timedelta(days=number // 2),
        )
    pages = [shown(client, f"/en/news/?page={number}") for number in range(1, -(-rows // 10) + 1)]
    assert [slug for page in pages for slug in page] == [
        f"row-{number:02}" for number in reversed(range(rows))
    ]
    assert [len(page) for page in pages[:-1]] == [10] * (len(pages) - 1)


def test_the_last_page_of_a_filtered_list_has_the_rows_that_are_left(client):
    for number in range(15):
        ProjectFactory(slug=f"row-{number:02}", stage="signed", stage_date=f"{2000 + number}")
        ProjectFactory(stage="production")
    assert shown(client, "/en/projects/?status=signed&page=2") == ["row-02", "row-01", "row-00"]


def test_totals_are_summed_up_once_for_all_pages_of_a_list(client):
    for _number in range(13):
        ProjectFactory(stage="signed")
    SiteSettings.current()
    assert counting(client, "/en/projects/?status=signed")
    assert not counting(client, "/en/projects/?status=signed&page=2")
    assert counting(client, "/en/projects/")


def test_the_count_changes_with_the_rows(client):
    PostFactory(slug="row-1")
    assert shown(client, "/en/news/") == ["row-1"]
    for number in range(2, 12):
        PostFactory(slug=f"row-{number}")
    assert len(shown(client, "/en/news/?page=2")) == 1
    Post.objects.filter(slug="row-11").get().delete()
    assert "page=2" not in client.get("/en/news/").content.decode()


def test_the_count_changes_when_a_scheduled_moment_passes(client, time_machine):
    time_machine.move_to("2026-11-24T02:10:00+00:00")
    for number in range(10):
        PostFactory(slug=f"row-{number}")
    PostFactory(slug="row-later", publish_at=timezone.now() + datetime.timedelta(hours=1))
    assert "page=2" not in client.get("/en/news/").content.decode()
    time_machine.shift(datetime.timedelta(hours=2))
    assert "page=2" in client.get("/en/news/").content.decode()


def test_the_number_of_a_list_is_not_mistaken_for_that_of_another(client):
    first, second = TopicFactory(slug="one"), TopicFactory(slug="two")
    PostFactory(topic=first)
    PostFactory.create_batch(11, topic=second)
    assert "page=2" not in client.get("/en/news/topic/one/").content.decode()
    assert "page=2" in client.get("/en/news/topic/two/").content.decode()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole")
@pytest.mark.parametrize("model_of", [PostFactory, ProjectFactory])
def test_the_rows_of_a_page_are_found_in_an_index_of_the_list(model_of):
    rows = model_of._meta.model.objects.public()
    plan = rows.values("pk")[:10].explain()
    assert "COVERING INDEX" in plan
    assert "B-TREE" not in plan  # nothing is sorted
