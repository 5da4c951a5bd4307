"""Finished pieces of pages are kept exactly as long as the content stays the same."""

import pytest

from publishing.fragments import FragmentStore

MONDAY = ("version-1", 0, "2026-11-23")
CHANGED = ("version-2", 0, "2026-11-23")


@pytest.fixture
def store():
    return FragmentStore(most=2)


def test_a_piece_is_rendered_once_for_each_state(store):
    assert store.get_or_render(MONDAY, "card", lambda: "first") == "first"
    assert store.get_or_render(MONDAY, "card", lambda: "never rendered") == "first"


def test_a_new_state_forgets_every_piece(store):
    store.get_or_render(MONDAY, "card", lambda: "old")
    assert store.get_or_render(CHANGED, "card", lambda: "new") == "new"
    assert store.get_or_render(CHANGED, "card", lambda: "unused") == "new"


def test_the_piece_unused_for_longest_goes_first(store):
    store.get_or_render(MONDAY, "a", lambda: "a")
    store.get_or_render(MONDAY, "b", lambda: "b")
    store.get_or_render(MONDAY, "a", lambda: "a again")
    store.get_or_render(MONDAY, "c", lambda: "c")
    assert set(store.pieces) == {"a", "c"}


def test_what_was_rendered_for_an_earlier_state_is_not_stored_under_the_new_one(store):
    def render_while_content_changes():
        store.get_or_render(CHANGED, "other", lambda: "other")
        return "late"

    assert store.get_or_render(MONDAY, "card", render_while_content_changes) == "late"
    assert store.get_or_render(CHANGED, "card", lambda: "fresh") == "fresh"


def test_an_error_while_rendering_stores_nothing(store):
    def fail():
        raise ValueError("template broke")

    with pytest.raises(ValueError, match="template broke"):
        store.get_or_render(MONDAY, "card", fail)
    assert store.get_or_render(MONDAY, "card", lambda: "mended") == "mended"
