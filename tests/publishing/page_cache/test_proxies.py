"""A proxy in front may answer with a page for the rest of its own second, and no longer."""

from __future__ import annotations

import pytest

from publishing.page_cache.application import PageCache
from tests.publishing.page_cache.stand_ins import ask, change

NOW = {"HTTP_X_PROXY_TIME": "1800000000.993"}
LIMIT = "X-Accel-Expires"


@pytest.fixture
def proxied(settings, site, generation) -> PageCache:
    settings.BEHIND_PROXY = True
    return PageCache(site)


def test_proxy_may_keep_a_current_page_until_its_second_ends(proxied):
    made, kept = ask(proxied, **NOW), ask(proxied, **NOW)
    assert made.headers[LIMIT] == kept.headers[LIMIT] == "@1800000000"
    # nginx believes whichever comes first.
    assert next(iter(made.headers)) == LIMIT
    unchanged = ask(proxied, HTTP_IF_NONE_MATCH=made.headers["ETag"], **NOW)
    assert unchanged.status == "304 Not Modified"
    assert unchanged.headers[LIMIT] == "@1800000000"


@pytest.mark.parametrize(
    "text", ["", "soon", "18000000001.0", "1800000000\r\nX-Other: 1", "１８００００００００.0"]
)
def test_proxy_that_tells_no_time_is_allowed_nothing(proxied, text):
    assert LIMIT not in ask(proxied, HTTP_X_PROXY_TIME=text).headers


def test_visitor_who_is_not_behind_a_proxy_is_told_nothing(cache):
    assert LIMIT not in ask(cache, **NOW).headers


def test_old_page_in_an_outage_is_not_for_the_proxy_to_keep(proxied, database, generation):
    ask(proxied)
    database.is_away = True
    generation.renew()
    answer = ask(proxied, **NOW)
    assert answer.status == "200 OK"
    assert LIMIT not in answer.headers


def test_page_that_may_not_be_kept_here_may_not_be_kept_there(proxied, site):
    site.may_be_kept = False
    assert LIMIT not in ask(proxied, **NOW).headers


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "301 Moved Permanently"])
def test_proxy_learns_that_a_page_it_has_is_gone(proxied, site, database, generation, status):
    known = ask(proxied, **NOW).headers["ETag"]
    change(database, generation, "unpublished")
    site.status, site.may_be_kept = status, False
    answer = ask(proxied, HTTP_IF_NONE_MATCH=known, **NOW)
    assert (answer.status, answer.headers[LIMIT]) == (status, "@1800000000")


@pytest.mark.parametrize("status", ["404 Not Found", "200 OK", "403 Forbidden", "503 Away"])
def test_proxy_is_not_filled_with_what_it_never_had(proxied, site, status):
    site.status, site.may_be_kept = status, False
    assert LIMIT not in ask(proxied, **NOW).headers
    if status != "404 Not Found":
        assert LIMIT not in ask(proxied, HTTP_IF_NONE_MATCH='"known"', **NOW).headers
