"""The Atom feeds: one for each language, and one for each topic."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from tests.factories import PostFactory, TopicFactory
from tests.reading import queries

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
HOST = "https://invest.example.org"


@pytest.fixture(autouse=True)
def public_address(settings):
    settings.PUBLIC_URL = HOST


def feed(client, path: str) -> ElementTree.Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(found: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in found.findall(f"{ATOM}entry")]


@pytest.mark.parametrize(
    ("language", "html", "title"),
    [("en", "en", "Opening"), ("zh-hans", "zh-Hans", "开工"), ("zh-hant", "zh-Hant", "開工")],
)
def test_each_language_has_a_feed(client, language, html, title):
    PostFactory(slug="opening", title_en="Opening", title_zh_hans="开工", title_zh_hant="開工")

    found = feed(client, f"/{language}/news/feed/")

    assert found.get("{http://www.w3.org/XML/1998/namespace}lang") == html
    assert titles(found) == [title]
    assert found.find(f"{ATOM}entry/{ATOM}link").get("href") == (f"{HOST}/{language}/news/opening/")


def test_a_post_without_translation_is_in_every_feed(client):
    PostFactory(title_en="Opening")

    assert titles(feed(client, "/zh-hant/news/feed/")) == ["Opening"]


def test_the_feed_of_a_topic_has_its_posts_only(client):
    PostFactory(title_en="Inside", topic=TopicFactory(slug="cluster", name_en="The cluster"))
    PostFactory(title_en="Outside")

    found = feed(client, "/en/news/topic/cluster/feed/")

    assert titles(found) == ["Inside"]
    assert "The cluster" in found.findtext(f"{ATOM}title")


@pytest.mark.parametrize("path", ["/en/news/feed/", "/en/news/topic/cluster/feed/"])
@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "draft"},
        {"status": "archived"},
        {"publish_at": timezone.now() + timedelta(days=1)},
        {"unpublish_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_a_hidden_post_is_in_no_feed(client, path, hidden):
    PostFactory(title_en="Canary", topic=TopicFactory(slug="cluster"), **hidden)

    assert titles(feed(client, path)) == []


def test_addresses_never_follow_the_host_of_the_request(client):
    PostFactory()

    content = client.get("/en/news/feed/", headers={"host": "localhost"}).content.decode()

    assert "localhost" not in content
    assert "testserver" not in content


def test_a_feed_has_the_newest_twenty(client):
    topic = TopicFactory()
    PostFactory.create_batch(21, topic=topic)

    assert len(titles(feed(client, "/en/news/feed/"))) == 20


def test_an_empty_feed_is_a_feed(client):
    assert titles(feed(client, "/en/news/feed/")) == []


def test_a_feed_costs_the_same_with_one_post_and_with_three(client):
    PostFactory()
    one = queries(client, "/en/news/feed/")
    PostFactory.create_batch(2)
    three = queries(client, "/en/news/feed/")

    assert len(one) == len(three) <= 8
