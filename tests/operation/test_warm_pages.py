"""Every page is asked for once before the first visitor comes."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from operation.visiting import Visitor

PAGES = ("/en/", "/zh-hans/", "/en/parks/")
SITEMAPS = {
    "/sitemap.xml": ["https://portal.example.org/sitemap-pages.xml"],
    "/sitemap-pages.xml": [f"https://portal.example.org{page}" for page in PAGES],
}


@pytest.fixture
def asked(monkeypatch) -> Counter:
    """What a server without failures is asked for."""
    found: Counter = Counter()

    def ask(_visitor: Visitor, path: str, **_headers: str) -> tuple[int, bytes]:
        found[path] += 1
        locations = "".join(f"<loc>{address}</loc>" for address in SITEMAPS.get(path, []))
        return 200, locations.encode()

    monkeypatch.setattr(Visitor, "ask", ask)
    return found


def test_each_page_of_the_sitemap_is_asked_for(asked, capsys):
    call_command("warm_pages")
    assert {page: asked[page] for page in PAGES} == dict.fromkeys(PAGES, 1)
    assert capsys.readouterr().out == "3 pages are ready.\n"


def test_each_server_process_gets_its_turn(asked, settings):
    settings.SERVER_WORKERS = 2
    call_command("warm_pages")
    assert asked["/en/"] == 4


def test_pages_that_fail_are_counted_and_named(monkeypatch, asked):
    well = Visitor.ask
    monkeypatch.setattr(
        Visitor,
        "ask",
        lambda visitor, path, **headers: (
            (500, b"") if path == "/zh-hans/" else well(visitor, path, **headers)
        ),
    )
    with pytest.raises(CommandError, match=r"1 of 3 pages failed, the first /zh-hans/\."):
        call_command("warm_pages")


def test_server_that_does_not_run_is_said_in_words():
    with pytest.raises(CommandError, match="start the portal first"):
        call_command("warm_pages", server="http://127.0.0.1:9")


def test_server_of_another_name_is_said_in_words(monkeypatch):
    monkeypatch.setattr(Visitor, "ask", lambda *_args, **_headers: (400, b""))
    with pytest.raises(CommandError, match="is this its PUBLIC_URL"):
        call_command("warm_pages")


def test_server_is_asked_as_by_its_visitors(live_server, settings):
    settings.PUBLIC_URL = "http://localhost"
    visitor = Visitor(live_server.url, settings.PUBLIC_URL)
    status, body = visitor.ask("/robots.txt", **{"Accept-Encoding": "identity"})
    assert status == 200
    assert b"http://localhost/sitemap.xml" in body
