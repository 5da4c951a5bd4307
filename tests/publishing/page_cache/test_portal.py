"""The page cache around the real portal, as the application server calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection

from core.models import SiteSettings
from news.models import Post
from publishing.generation import Generation
from publishing.models import Status
from publishing.page_cache import application
from publishing.page_cache.application import PageCache
from publishing.page_cache.content_clock import ContentClock
from tests.factories import ParkFactory, PostFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PageCache]:
    generation = Generation(tmp_path / "generation")
    monkeypatch.setattr(application, "generation", lambda: generation)
    monkeypatch.setattr("publishing.versions.announce_change", generation.renew)
    # Its thread would use the database of the test from a connection of its own.
    monkeypatch.setattr(ContentClock, "watch", lambda _self: None)
    SiteSettings.current()
    # Each request would close the connection, and with it the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield PageCache(get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def visit(cache: PageCache) -> Callable[..., str]:
    def visit(address: str, **environ: str) -> str:
        path, _mark, query = address.partition("?")
        body = cache(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "SERVER_NAME": "testserver",
                "SERVER_PORT": "80",
                "HTTP_HOST": "testserver",
                "wsgi.url_scheme": "http",
                "wsgi.input": BytesIO(),
                "wsgi.errors": BytesIO(),
                **environ,
            },
            lambda *start: None,
        )
        return b"".join(body).decode()

    return visit


@pytest.mark.parametrize("address", ["/en/", "/zh-hans/parks/", "/zh-hant/projects/?page=1"])
def test_second_visit_asks_nobody(visit, cache, address, django_assert_num_queries):
    ProjectFactory(park=ParkFactory())
    first = visit(address)
    with django_assert_num_queries(0):
        assert visit(address) == first
    assert cache.counts.hits == 1


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_edit_shows_at_the_next_visit(visit, language, django_capture_on_commit_callbacks):
    park = ParkFactory(name_en="Dinghu", name_zh_hans="Dinghu", name_zh_hant="Dinghu")
    address = f"/{language}{park.get_absolute_url()[3:]}"
    assert "Dinghu" in visit(address)
    with django_capture_on_commit_callbacks(execute=True):
        park.name_en = park.name_zh_hans = park.name_zh_hant = "Gaoyao"
        park.save()
    page = visit(address)
    assert "Gaoyao" in page
    assert "Dinghu" not in page


def test_what_is_taken_back_is_gone_at_the_next_visit(visit, django_capture_on_commit_callbacks):
    post = PostFactory(title_en="Ground is broken")
    address = post.get_absolute_url()
    assert "Ground is broken" in visit(address)
    with django_capture_on_commit_callbacks(execute=True):
        Post.objects.get(pk=post.pk).delete()
    assert "Ground is broken" not in visit(address)
    assert "Ground is broken" not in visit("/en/news/")


def test_draft_never_gets_into_the_store(visit, cache):
    post = PostFactory(title_en="Not yet", status=Status.DRAFT)
    for _time in range(2):
        assert "Not yet" not in visit(post.get_absolute_url())
    assert not cache.store.pages


@pytest.mark.parametrize(
    "address",
    [
        "/en/inquiry/",
        "/en/inquiry/status/",
        "/en/report/",
        "/en/no-such-page/",
        "/en/parks/?utm_source=mail",
        "/en/parks/?industry=no-such-industry",
        "/en/projects/?page=1&page=2",
        "/en/search/?q=park",
        "/en/news/?page=999",
    ],
)
def test_forms_searches_and_unknown_words_are_made_each_time(visit, cache, address):
    for _time in range(2):
        visit(address)
    assert not cache.store.pages


def test_staff_see_the_page_as_it_is_now(visit, cache):
    visit("/en/")
    park = ParkFactory(name_en="Dinghu")
    connection.run_on_commit.clear()  # as if the others had not been told yet
    assert park.name_en in visit("/en/parks/", HTTP_COOKIE="session=abc")
    assert cache.counts.bypassed == 1


def test_forged_host_is_refused_and_kept_nowhere(visit, cache):
    visit("/en/", HTTP_HOST="evil.example")
    visit("/en/", HTTP_HOST="testserver", HTTP_X_FORWARDED_HOST="evil.example")
    assert [key[1] for key in cache.store.pages] == ["testserver"]
    assert "evil.example" not in visit("/en/")
