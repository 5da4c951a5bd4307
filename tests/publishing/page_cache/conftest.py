"""A page cache around a site that counts how often it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from publishing.generation import Generation
from publishing.page_cache import application, content_clock
from publishing.page_cache.application import PageCache
from publishing.page_cache.content_clock import ContentClock
from tests.publishing.page_cache.stand_ins import Database, Site


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    found = Database()
    monkeypatch.setattr(content_clock, "read_version", found.read)
    # The thread that looks for other machines is called by hand.
    monkeypatch.setattr(ContentClock, "watch", lambda _self: None)
    return found


@pytest.fixture
def generation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generation:
    made = Generation(tmp_path / "generation")
    monkeypatch.setattr(application, "generation", lambda: made)
    return made


@pytest.fixture
def site(database: Database) -> Site:
    return Site(database)


@pytest.fixture
def cache(site: Site, generation: Generation) -> PageCache:
    return PageCache(site)
