"""The page cache below Django, around an application that counts how often it is asked."""

from __future__ import annotations

import gzip
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import brotli
import pytest
import time_machine

from publishing.generation import Generation
from publishing.page_cache.application import PageCache, best_encoding
from publishing.page_cache.content_clock import STALE_SECONDS
from publishing.page_cache.pages import Page, PageStore
from publishing.page_cache.ticket import Kept
from publishing.versions import WHOLE, Version
from tests.publishing.page_cache.stand_ins import Database, Site, ask, change

# --- what is kept


def test_second_visitor_is_answered_without_django_and_database(
    cache: PageCache, site: Site, database: Database
) -> None:
    first = ask(cache)
    reads = database.reads
    second = ask(cache)
    assert first == second
    assert second.body == b"<p>page 1 of testserver"
    assert site.asked == ["/en/"]
    assert database.reads == reads
    assert (cache.counts.misses, cache.counts.hits) == (1, 1)


def test_django_may_close_what_it_holds(cache: PageCache, site: Site) -> None:
    ask(cache)
    assert site.closed == 1


def test_page_is_sent_in_the_smallest_form_the_browser_takes(cache: PageCache) -> None:
    plain = ask(cache)
    small = ask(cache, HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    older = ask(cache, HTTP_ACCEPT_ENCODING="gzip")
    assert "Content-Encoding" not in plain.headers
    assert (small.headers["Content-Encoding"], brotli.decompress(small.body)) == ("br", plain.body)
    assert (older.headers["Content-Encoding"], gzip.decompress(older.body)) == ("gzip", plain.body)
    for answer in (plain, small, older):
        assert answer.headers["Content-Length"] == str(len(answer.body))
        assert answer.headers["Vary"] == "Accept-Encoding"
    assert len({answer.headers["ETag"] for answer in (plain, small, older)}) == 3


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", "identity"),
        ("identity", "identity"),
        ("gzip;q=0", "identity"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("GZIP", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "br"),
        (",;,q=", "identity"),
    ],
)
def test_encoding_is_what_the_header_allows(accepted: str, encoding: str) -> None:
    assert best_encoding(accepted) == encoding


def test_browser_that_has_the_page_gets_no_body(cache: PageCache) -> None:
    page = ask(cache, HTTP_ACCEPT_ENCODING="gzip")
    etag = page.headers["ETag"]
    for known in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = ask(cache, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=known)
        assert (again.status, again.body) == ("304 Not Modified", b"")
        assert again.headers["ETag"] == etag
        assert "Content-Length" not in again.headers
    other = ask(cache, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH='"other"')
    assert other.status == "200 OK"


def test_head_has_the_headers_of_get_and_no_body(cache: PageCache, site: Site) -> None:
    get = ask(cache)
    head = ask(cache, REQUEST_METHOD="HEAD")
    assert (head.headers, head.body) == (get.headers, b"")
    assert len(site.asked) == 1


def test_browsers_ask_each_time_unless_the_page_says_otherwise(
    cache: PageCache, site: Site
) -> None:
    assert ask(cache).headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    site.headers.append(("Cache-Control", "max-age=60"))
    assert ask(cache, "/en/parks/").headers["Cache-Control"] == "max-age=60"


def test_order_of_the_query_makes_no_other_page(cache: PageCache, site: Site) -> None:
    ask(cache, "/en/projects/", "status=production&page=2")
    ask(cache, "/en/projects/", "page=2&status=production")
    assert len(site.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/zh-hans/"},
        {"query": "page=2"},
        {"HTTP_HOST": "localhost"},
        {"HTTP_HOST": "testserver:8000"},
        {"wsgi.url_scheme": "https"},
    ],
)
def test_another_address_is_another_page(
    cache: PageCache, site: Site, other: dict[str, str]
) -> None:
    ask(cache)
    ask(cache, **other)
    assert len(site.asked) == 2


# --- what is not kept


@pytest.mark.parametrize(
    "request_",
    [
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"path": "/admin/"},
        {"path": "/healthz"},
        {"path": "/"},
        {"HTTP_COOKIE": "a=b; session=abc"},
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "testserver, evil.example"},
        {"query": "x" * 201},
        {"path": "/en/" + "x" * 300},
    ],
)
def test_what_needs_django_goes_to_django_each_time(
    cache: PageCache, site: Site, request_: dict[str, str]
) -> None:
    ask(cache)
    for _time in range(2):
        ask(cache, **request_)
    assert len(site.asked) == 3
    assert len(cache.store.pages) == 1
    assert cache.counts.bypassed == 2


def test_visitors_cookies_make_no_difference(cache: PageCache, site: Site) -> None:
    ask(cache, HTTP_COOKIE="csrf=abc; language=zh-hans")
    ask(cache)
    assert len(site.asked) == 1


def test_forwarded_protocol_counts_only_behind_a_proxy(
    site: Site, generation: Generation, settings: Any
) -> None:
    for is_behind, asked in ((False, 1), (True, 2)):
        settings.BEHIND_PROXY = is_behind
        site.asked.clear()
        cache = PageCache(site)
        ask(cache)
        ask(cache, HTTP_X_FORWARDED_PROTO="https")
        assert len(site.asked) == asked


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("may_be_kept", False),
        ("status", "404 Not Found"),
        ("status", "302 Found"),
        ("status", "500 Internal Server Error"),
        ("headers", [("Set-Cookie", "csrf=abc")]),
    ],
)
def test_answers_that_are_not_for_everybody_are_not_kept(
    cache: PageCache, site: Site, attribute: str, value: object
) -> None:
    setattr(site, attribute, value)
    for _time in range(2):
        answer = ask(cache)
    assert answer.status == site.status
    assert answer.body == b"<p>page 2 of testserver"
    assert not cache.store.pages


# --- never stale


def test_change_is_seen_by_the_next_visitor(
    cache: PageCache, site: Site, database: Database, generation: Generation
) -> None:
    ask(cache)
    change(database, generation, "second")
    assert ask(cache).body == b"<p>page 2 of testserver"
    assert ask(cache).body == b"<p>page 2 of testserver"
    assert cache.counts.stale == 0


@pytest.mark.parametrize(("table", "asked"), [("news_post", 1), ("parks_park", 2)])
def test_change_elsewhere_leaves_a_page_as_it_is(
    cache: PageCache, site: Site, database: Database, generation: Generation, table: str, asked: int
) -> None:
    database.version = Version("first", [], {"*": "first", WHOLE: "first"})
    ask(cache)
    database.version = Version("second", [], {"*": "first", WHOLE: "second", table: "second"})
    generation.renew()
    for _time in range(2):
        ask(cache)
    assert len(site.asked) == asked


def test_page_begun_before_a_change_is_not_kept_as_the_new_one(
    cache: PageCache, site: Site, database: Database, generation: Generation
) -> None:
    site.before_answer = lambda: change(database, generation, "second")
    ask(cache)
    site.before_answer = lambda: None
    assert ask(cache).body == b"<p>page 2 of testserver"


def test_another_process_sees_the_change(
    site: Site, database: Database, generation: Generation, tmp_path: Path
) -> None:
    cache = PageCache(site)
    ask(cache)
    other = Generation(tmp_path / "generation")
    database.version = Version("second", [])
    other.renew()
    assert ask(cache).body == b"<p>page 2 of testserver"


def test_another_machine_is_noticed_by_looking(
    cache: PageCache, site: Site, database: Database, generation: Generation
) -> None:
    ask(cache)
    database.version = Version("second", [])
    assert ask(cache).body == b"<p>page 1 of testserver"
    cache.clock.look()
    assert ask(cache).body == b"<p>page 2 of testserver"
    name = generation.name()
    cache.clock.look()
    assert generation.name() == name


def test_scheduled_moment_and_midnight_end_a_page(cache: PageCache, database: Database) -> None:
    noon = datetime(2026, 5, 4, 4, 0, tzinfo=UTC)  # in the portal's time zone
    moment = noon + timedelta(hours=1)
    database.version = Version("first", [moment.isoformat()])
    with time_machine.travel(noon, tick=False) as clock:
        ask(cache)
        clock.shift(3599)
        assert ask(cache).body == b"<p>page 1 of testserver"
        clock.shift(1)
        assert ask(cache).body == b"<p>page 2 of testserver"
        clock.shift(11 * 3600)  # local midnight
        assert ask(cache).body == b"<p>page 3 of testserver"


# --- one maker, and old pages meanwhile


def test_page_that_many_ask_for_at_once_is_made_once(cache: PageCache, site: Site) -> None:
    site.before_answer = lambda: time.sleep(0.05)
    barrier = Barrier(8)

    def visit(_number: int) -> bytes:
        barrier.wait()
        return ask(cache).body

    with ThreadPoolExecutor(8) as visitors:
        bodies = set(visitors.map(visit, range(8)))
    assert bodies == {b"<p>page 1 of testserver"}
    assert len(site.asked) == 1


def test_nobody_waits_where_nothing_can_be_kept(cache: PageCache, site: Site) -> None:
    site.may_be_kept = False
    ask(cache)
    together = Barrier(4, timeout=5)  # breaks if one has to wait for another
    site.before_answer = together.wait
    with ThreadPoolExecutor(4) as visitors:
        statuses = [answer.status for answer in visitors.map(lambda _n: ask(cache), range(4))]
    assert statuses == ["200 OK"] * 4


def making(cache: PageCache, site: Site) -> tuple[Thread, Event]:
    """A visitor who is making the page until the event is set."""
    begun, go_on = Event(), Event()

    def hold() -> None:
        begun.set()
        go_on.wait(5)

    site.before_answer = hold
    maker = Thread(target=ask, args=(cache,))
    maker.start()
    assert begun.wait(5)
    return maker, go_on


def test_others_get_the_old_page_while_the_new_one_is_made(
    cache: PageCache, site: Site, database: Database, generation: Generation
) -> None:
    ask(cache)
    change(database, generation, "second")
    maker, go_on = making(cache, site)
    assert ask(cache).body == b"<p>page 1 of testserver"
    assert cache.counts.stale == 1
    go_on.set()
    maker.join()
    assert ask(cache).body == b"<p>page 2 of testserver"


def test_old_page_is_shown_only_for_a_moment(
    cache: PageCache, site: Site, database: Database, generation: Generation
) -> None:
    ask(cache)
    change(database, generation, "second")
    maker, go_on = making(cache, site)
    time.sleep(STALE_SECONDS)
    with ThreadPoolExecutor(1) as visitors:
        late = visitors.submit(ask, cache)
        time.sleep(0.05)
        assert not late.done()
        go_on.set()
        assert late.result(timeout=5).body == b"<p>page 2 of testserver"
    maker.join()
    assert cache.counts.stale == 0


# --- the database is away


def test_known_pages_stay_while_the_database_is_away(
    cache: PageCache, site: Site, database: Database, generation: Generation
) -> None:
    page = ask(cache)
    database.is_away, site.status = True, "503 Service Unavailable"
    assert ask(cache) == page
    generation.renew()  # as after a commit whose new version nobody can read
    assert ask(cache) == page
    assert ask(cache, "/en/parks/").status == "503 Service Unavailable"
    assert cache.counts.rescued == 1


def test_database_that_is_away_is_not_asked_for_each_page(
    cache: PageCache, database: Database, generation: Generation
) -> None:
    ask(cache)
    database.is_away = True
    generation.renew()
    reads = database.reads
    for _time in range(5):
        ask(cache)
    assert database.reads == reads + 1


def test_page_that_fails_after_a_change_stays_as_it_was(
    cache: PageCache, site: Site, database: Database, generation: Generation
) -> None:
    page = ask(cache)
    change(database, generation, "second")
    site.status = "503 Service Unavailable"
    assert ask(cache) == page
    site.status = "200 OK"
    assert ask(cache).body == b"<p>page 3 of testserver"


def test_no_outage_shows_what_a_schedule_has_ended(
    cache: PageCache, site: Site, database: Database
) -> None:
    noon = datetime(2026, 5, 4, 4, 0, tzinfo=UTC)
    database.version = Version("first", [(noon + timedelta(hours=1)).isoformat()])
    with time_machine.travel(noon, tick=False) as clock:
        ask(cache)
        database.is_away, site.status = True, "503 Service Unavailable"
        clock.shift(3600)
        assert ask(cache).status == "503 Service Unavailable"


def test_looking_survives_a_database_that_is_away(
    cache: PageCache, database: Database, generation: Generation
) -> None:
    ask(cache)
    name = generation.name()
    database.is_away = True
    cache.clock.look()
    assert generation.name() == name
    assert ask(cache).body == b"<p>page 1 of testserver"


# --- how much is kept


def test_least_used_pages_give_way() -> None:
    page = Page(Kept(b"x" * 1000, (), ()), [], float("inf"))
    store = PageStore(most_bytes=2 * page.weight)
    store.keep("a", page)
    store.keep("b", page)
    assert store.find("a") is page
    store.keep("c", page)
    assert list(store.pages) == ["a", "c"]
    store.keep("a", page)
    assert store.bytes == 2 * page.weight
    store.clear()
    assert (store.bytes, store.find("a")) == (0, None)
