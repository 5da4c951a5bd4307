"""Finished pieces of pages are kept exactly as long as what they show stays the same."""

import pytest
from django.db import connection

from publishing.fragments import FragmentStore
from publishing.table_reads import Statement
from publishing.versions import EVERYTHING, Content

PARKS, POSTS = "parks_park", "news_post"
BEFORE = Content(("one", 0, "2026-11-23"), {})
POST_EDITED = Content(("two", 0, "2026-11-23"), {POSTS: "two"})
PARK_EDITED = Content(("three", 0, "2026-11-23"), {PARKS: "three"})
ALL_RENEWED = Content(("four", 0, "2026-11-23"), {EVERYTHING: "four"})
NEXT_DAY = Content(("one", 0, "2026-11-24"), {})


@pytest.fixture
def store():
    return FragmentStore(most=2)


def read_parks():
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COUNT(*) FROM "{PARKS}"')
    return "old"


def fail():
    raise ValueError("template broke")


def test_a_piece_is_rendered_once(store):
    assert store.get_or_render(BEFORE, "card", lambda: "first") == "first"
    assert store.get_or_render(BEFORE, "card", fail) == "first"


@pytest.mark.django_db
def test_a_piece_outlives_an_edit_of_what_it_does_not_show(store):
    store.get_or_render(BEFORE, "card", read_parks)
    assert store.get_or_render(POST_EDITED, "card", fail) == "old"


@pytest.mark.django_db
@pytest.mark.parametrize("content", [PARK_EDITED, ALL_RENEWED, NEXT_DAY])
def test_a_piece_is_made_anew_when_what_it_shows_has_changed(store, content):
    store.get_or_render(BEFORE, "card", read_parks)
    assert store.get_or_render(content, "card", lambda: "new") == "new"
    assert store.get_or_render(content, "card", fail) == "new"


@pytest.mark.django_db
def test_a_piece_shows_what_the_kept_pieces_inside_it_show(store):
    store.get_or_render(BEFORE, "menu", read_parks)
    store.get_or_render(BEFORE, "frame", lambda: store.get_or_render(BEFORE, "menu", fail))
    assert store.find(BEFORE, "frame")
    assert not store.find(PARK_EDITED, "frame")


@pytest.mark.django_db
def test_what_was_read_around_a_piece_is_not_what_a_closed_piece_shows(store):
    def read_around():
        read_parks()
        return store.get_or_render(BEFORE, "inner", lambda: "inner")

    store.get_or_render(BEFORE, "outer", read_around)
    assert store.find(PARK_EDITED, "inner")
    assert not store.find(PARK_EDITED, "outer")


def test_the_piece_unused_for_longest_goes_first(store):
    store.get_or_render(BEFORE, "a", lambda: "a")
    store.get_or_render(BEFORE, "b", lambda: "b")
    store.get_or_render(BEFORE, "a", fail)
    store.get_or_render(BEFORE, "c", lambda: "c")
    assert set(store.pieces) == {"a", "c"}


def test_pieces_that_together_are_too_long_give_way(store):
    store.characters = 10
    store.keep(BEFORE, "a", "123456", ())
    store.keep(BEFORE, "a", "1234567", ())
    assert store.size == 7
    store.keep(BEFORE, "b", "1234", ())
    assert set(store.pieces) == {"b"}


@pytest.mark.django_db
def test_what_was_begun_before_a_change_is_not_good_after_it(store):
    store.keep(BEFORE, "card", "late", {Statement(frozenset({PARKS}))})
    assert store.get_or_render(PARK_EDITED, "card", lambda: "fresh") == "fresh"


def test_an_error_while_rendering_stores_nothing(store):
    with pytest.raises(ValueError, match="template broke"):
        store.get_or_render(BEFORE, "card", fail)
    assert store.get_or_render(BEFORE, "card", lambda: "mended") == "mended"
