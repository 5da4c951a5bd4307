"""After an edit only pages that show it are made anew, and those always."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.utils import timezone

from news.models import Post
from parks.models import Park
from publishing.models import Status
from publishing.page_cache import evidence
from publishing.page_cache.application import PageCache
from publishing.table_reads import Statement, Value, noted_reads
from tests.factories import ParkFactory, PostFactory
from tests.publishing.page_cache.test_portal import cache, visit  # noqa: F401 - fixtures
from tests.publishing.test_never_stale import (  # noqa: F401 - a fixture among them
    MODELS,
    content,
    edit,
    empty_the_store,
    links,
    pages,
)
from tests.reading import LANGUAGES

pytestmark = pytest.mark.django_db

Visit = Callable[..., str]


@pytest.fixture
def opening() -> Post:
    return PostFactory(slug="opening", title_en="Opening")


@pytest.fixture
def other() -> Post:
    """It stands on no page of ``opening``: those show the three newest of the others."""
    oldest = PostFactory(title_en="Long ago", date="2001-01-01")
    for _number in range(3):
        PostFactory()
    return oldest


def change(cache: PageCache, row: Post | Park, **values: object) -> None:  # noqa: F811
    """Edit and tell, as the commit does."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    cache.clock.generation.renew()


def known(cache: PageCache, visit: Visit, address: str) -> str:  # noqa: F811
    """The page, kept and with its evidence."""
    page = visit(address)
    cache.evidence.take()
    return page


def test_a_page_that_does_not_show_an_edit_stays(cache, visit, opening, other):  # noqa: F811
    page = known(cache, visit, opening.get_absolute_url())
    change(cache, other, title_en="Longer ago")
    for _time in range(2):
        assert visit(opening.get_absolute_url()) == page
    assert (cache.counts.misses, cache.counts.confirmed, cache.counts.hits) == (1, 1, 1)


def test_a_page_that_shows_an_edit_is_made_anew(cache, visit, opening):  # noqa: F811
    known(cache, visit, "/en/news/")
    change(cache, opening, title_en="Grand opening")
    assert "Grand opening" in known(cache, visit, "/en/news/")
    change(cache, opening, title_en="Opening again")
    assert "Opening again" in visit("/en/news/")
    assert cache.counts.confirmed == 0


def test_a_new_row_is_seen_though_it_was_published_after_the_page(cache, visit):  # noqa: F811
    known(cache, visit, "/en/news/")
    post = PostFactory(title_en="Just in", status=Status.DRAFT)
    change(cache, post, status=Status.PUBLISHED, publish_at=timezone.now())
    assert "Just in" in visit("/en/news/")


def test_a_page_that_shows_a_row_is_made_anew_when_the_row_is_deleted(cache, visit, opening):  # noqa: F811
    assert "Opening" in known(cache, visit, "/en/news/")
    opening.delete()
    cache.clock.generation.renew()
    assert "Opening" not in visit("/en/news/")
    assert cache.counts.confirmed == 0


def test_a_page_without_evidence_is_made_anew(cache, visit, opening, other):  # noqa: F811
    visit(opening.get_absolute_url())
    change(cache, other, title_en="Longer ago")
    visit(opening.get_absolute_url())
    assert (cache.counts.misses, cache.counts.confirmed) == (2, 0)


def test_evidence_of_a_later_state_does_not_count(cache, visit, opening, monkeypatch):  # noqa: F811
    """Nobody was told of the edit yet, or it came while the statements were read again."""
    address = "/en/news/"
    visit(address)
    opening.title_en = "Grand opening"
    opening.save()
    cache.evidence.take()
    cache.clock.generation.renew()
    assert "Grand opening" in visit(address)
    digest = evidence.digest

    def edited_meanwhile(statement: Statement) -> bytes:
        opening.title_en = "Opening again"
        opening.save()
        return digest(statement)

    with monkeypatch.context() as patched:
        patched.setattr(evidence, "digest", edited_meanwhile)
        cache.evidence.take()
    cache.clock.generation.renew()
    assert "Opening again" in visit(address)


def test_a_database_that_goes_away_costs_the_evidence_only(
    cache,  # noqa: F811
    visit,  # noqa: F811
    opening,
    other,
    monkeypatch,
):
    page = known(cache, visit, opening.get_absolute_url())
    visit("/en/news/")

    def fail(_statement: Statement) -> bytes:
        raise OperationalError

    monkeypatch.setattr(evidence, "digest", fail)
    monkeypatch.setattr(evidence.connection, "close", lambda: None)
    cache.evidence.take()
    change(cache, other, title_en="Longer ago")
    assert visit(opening.get_absolute_url()) == page
    assert cache.counts.confirmed == 0


def test_a_confirmed_page_ends_with_a_schedule_that_is_new(cache, visit, opening, other):  # noqa: F811
    known(cache, visit, opening.get_absolute_url())
    moment = timezone.now() + timezone.timedelta(hours=1)
    change(cache, other, unpublish_at=moment)
    visit(opening.get_absolute_url())
    assert cache.counts.confirmed == 1
    assert [page.lasts_until for page in cache.store.pages.values()] == [moment.timestamp()]


def test_time_of_asking_is_left_open_and_other_moments_cannot_be_asked_again():
    ParkFactory()
    with noted_reads() as reads:
        list(Park.objects.public())
        list(Park.objects.filter(updated_at__lt=timezone.now() - timezone.timedelta(days=1)))
    repeatable = {one for one in reads.statements if one.sql}
    assert len(repeatable) == 1
    assert Value.NOW in next(iter(repeatable)).params
    assert Statement(frozenset({"parks_park"})) in reads.statements


# --- the same for every model


class Browser:
    """Visits the portal as ``pages`` wants its client to."""

    def __init__(self, visit: Visit, **environ: str) -> None:  # noqa: F811
        self.visit, self.environ = visit, environ

    def get(self, address: str) -> SimpleNamespace:
        page = self.visit(address, **self.environ)
        return SimpleNamespace(status_code=None, content=page.encode())


@pytest.fixture
def differences(cache, visit) -> Iterator[Callable[[str], list[str]]]:  # noqa: F811
    """Pages that differ from those of a portal that keeps nothing."""
    visitor, member_of_staff = Browser(visit), Browser(visit, HTTP_COOKIE="session=abc")

    def differences(language: str) -> list[str]:
        cache.clock.generation.renew()
        kept = pages(visitor, language)
        cache.evidence.take()
        empty_the_store()
        fresh = pages(member_of_staff, language)
        return [page for page in fresh if kept[page] != fresh[page]]

    for language in LANGUAGES:
        differences(language)
    yield differences
    assert cache.counts.confirmed


def test_no_page_is_confirmed_that_shows_an_edit_of_any_row(content, differences):  # noqa: F811
    for model, language in zip(MODELS, cycle(LANGUAGES), strict=False):
        row = model._default_manager.order_by("pk").first()
        edit(row)
        assert differences(language) == [], model.__name__


def test_no_page_is_confirmed_that_shows_a_change_of_links(content, differences):  # noqa: F811
    for (name, change_links), language in zip(links(), cycle(LANGUAGES), strict=False):
        change_links()
        assert differences(language) == [], name
