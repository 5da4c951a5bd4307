"""One visitor never gets what belongs to another, and nobody can fill a cache for others."""

import pytest

from tests.security.door import Door, Reply
from tests.security.nasty import CANARY

pytestmark = pytest.mark.django_db

EVIL = "evil.example"
PLACES = ("/en/", "/zh-hans/parks/", "/en/parks/lingang/", "/en/search/", "/zh-hant/news/")
POISON = {
    "host forwarded": {"X-Forwarded-Host": EVIL},
    "forwarded": {"Forwarded": f"host={EVIL};proto=https"},
    "scheme": {"X-Forwarded-Proto": "https"},
    "port": {"X-Forwarded-Port": "8443"},
    "prefix": {"X-Forwarded-Prefix": "/evil", "X-Script-Name": "/evil"},
    "other address": {"X-Original-Url": "/admin/", "X-Rewrite-Url": "/admin/"},
    "method": {"X-Http-Method-Override": "HEAD", "X-Method-Override": "DELETE"},
    "language": {"Accept-Language": "zh-TW"},
    "language cookie": {"Cookie": "django_language=zh-hant"},
    "cookie": {"Cookie": f"csrf={'a' * 32}; theme={CANARY}"},
    "browser": {"User-Agent": CANARY, "Referer": f"https://{EVIL}/"},
    "range": {"Range": "bytes=0-9"},
    "kind": {"Accept": "application/json"},
    "origin": {"Origin": f"https://{EVIL}"},
    "request": {"X-Request-Id": "poisoned-id"},
}
#: Of one answer only.
OWN = {"date", "x-request-id"}


def shown(reply: Reply) -> tuple[int, list[tuple[str, str]], bytes]:
    """All that a cache would keep."""
    kept = sorted(pair for pair in reply.headers if pair[0].lower() not in OWN)
    return reply.status, kept, reply.body


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("headers", POISON.values(), ids=POISON)
def test_what_one_visitor_sends_changes_nothing_for_the_next(door, content, place, headers):
    clean = shown(door.knock(place))
    Door.knock(door, place, headers=headers)
    # A store that is still empty is the one that can be poisoned.
    other = f"{place}?page=1" if place != "/en/" else "/zh-hans/"
    path, _mark, query = other.partition("?")
    first = door.knock(path, query, headers=headers)
    assert EVIL not in first.text
    assert CANARY not in first.text
    assert EVIL not in str(first.headers)
    assert first.cookies == []
    assert shown(door.knock(place)) == clean
    second = door.knock(path, query)
    if first.status == 200:
        assert second.body == first.body
    assert second.status == 200


def test_a_forged_host_is_refused_before_and_after_the_page_is_kept(door, content):
    for _time in range(2):
        assert door.knock("/en/", headers={"Host": EVIL}).status == 400
        assert EVIL not in door.knock("/en/").text


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "TRACE", "POST", "X"])
def test_an_empty_answer_to_another_method_is_not_kept(door, content, method):
    door.knock("/en/parks/", method=method)
    page = door.knock("/en/parks/")
    assert page.status == 200
    assert "Lingang" in page.text


@pytest.mark.parametrize("query", ["utm_source=x", "x=%3Csvg%20onload%3Dx%3E", "_method=HEAD"])
def test_an_unknown_query_is_shown_to_nobody_else(door, content, query):
    clean = door.knock("/en/parks/").body
    assert b"<svg onload" not in door.knock("/en/parks/", query).body
    assert door.knock("/en/parks/").body == clean


def test_two_visitors_never_share_a_token_or_a_cookie(door, content):
    pages = [door.knock("/en/inquiry/") for _visitor in range(2)]
    tokens = {page.text.partition('name="guard_token" value="')[2][:80] for page in pages}
    assert len(tokens) == 2
    assert all("no-store" in page["Cache-Control"] for page in pages)
    cookies = [page.cookies for page in pages]
    assert all(len(found) <= 1 for found in cookies)
    assert cookies[0] != cookies[1] or cookies == [[], []]


def test_two_visitors_with_two_languages_get_two_languages(door, content):
    for _time in range(2):
        for wanted, address in (("zh-CN", "/zh-hans/"), ("en", "/en/"), ("zh-TW", "/zh-hant/")):
            reply = door.knock("/", headers={"Accept-Language": wanted})
            assert (reply.status, reply["Location"]) == (302, address)
            assert {"accept-language", "cookie"} <= set(reply["Vary"].lower().split(", "))
            page = door.knock(address, headers={"Accept-Language": "xx"})
            assert page["Content-Language"] == address.strip("/")


@pytest.mark.parametrize("place", PLACES)
def test_public_pages_set_no_cookie(door, content, place):
    for headers in ({}, {"Cookie": "session=x; csrf=y"}):
        assert door.knock(place, headers=headers).cookies == []
