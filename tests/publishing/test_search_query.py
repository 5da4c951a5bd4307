"""Reading what a visitor typed."""

import pytest

from publishing.search.query import (
    MAX_LENGTH,
    MAX_TERMS,
    AllOf,
    Note,
    Phrase,
    parse_query,
)


def phrases(text: str) -> list[tuple[str, ...]]:
    expression = parse_query(text).strict()
    assert isinstance(expression, AllOf)
    return [part.tokens for part in expression.parts]


def test_a_han_run_is_a_phrase_and_words_are_all_sought():
    assert phrases("Honda 招商引資") == [("honda",), ("招商", "商引", "引资")]


def test_one_han_character_is_sought_alone():
    assert phrases("園") == [("园",)]


def test_words_that_every_text_has_are_left_out_if_others_remain():
    assert phrases("the parks of Zhaoqing") == [("park",), ("zhaoq",)]
    assert phrases("who") == [("who",)]


def test_a_word_typed_twice_counts_once():
    assert phrases("park PARK 园区 園區") == [("park",), ("园区",)]


def test_a_plain_query_has_no_notes():
    assert parse_query("Honda, 肇庆 (high-tech)".replace("(", "").replace(")", "")).notes == ()


@pytest.mark.parametrize("text", ["", "   ", "\t\n"])
def test_nothing_typed_is_no_query_and_no_mistake(text):
    query = parse_query(text)

    assert not query
    assert query.notes == ()


@pytest.mark.parametrize("text", ["???", "——", "'\"*", "%%%", "\u200b"])
def test_signs_alone_are_answered_with_a_note(text):
    query = parse_query(text)

    assert not query
    assert Note.NO_WORDS in query.notes


@pytest.mark.parametrize("text", ['"Honda"', "Hon*", "title:Honda", "(Honda", "Honda^2", "a | b"])
def test_operators_are_ignored_with_a_note(text):
    query = parse_query(text)

    assert query
    assert query.notes == (Note.SIGNS,)


@pytest.mark.parametrize("text", ["Hon\0da", "\ufffdHonda", "Honda\ud800", "\x07Honda"])
def test_unreadable_characters_are_left_out_with_a_note(text):
    query = parse_query(text)

    assert query
    assert Note.UNREADABLE in query.notes
    assert query.text.isprintable()


@pytest.mark.parametrize("text", ["园" * 5000, "Honda " * 5000, "﷽" * 5000, "a" * 100_000])
def test_a_very_long_query_is_shortened_with_a_note(text):
    query = parse_query(text)

    assert Note.SHORTENED in query.notes
    assert len(query.text) <= MAX_LENGTH
    assert len(query.terms) <= MAX_TERMS


def test_the_relaxed_form_takes_long_runs_apart():
    ways = parse_query("肇庆园区").relaxed_terms()

    assert [[term.text for term in way] for way in ways[0]] == [["肇庆", "园区"]]


def test_the_relaxed_form_leaves_out_function_characters():
    ways = parse_query("肇庆的园区").relaxed_terms()

    assert [[[term.text for term in way] for way in part] for part in ways] == [
        [["肇庆"]],
        [["园区"]],
    ]


def test_the_relaxed_form_takes_longer_words_for_beginnings():
    relaxed = parse_query("electro").relaxed()

    assert "is_beginning=True" in repr(relaxed)


@pytest.mark.parametrize("text", ["园区", "5G", "the"])
def test_there_is_no_relaxed_form_of_what_cannot_be_relaxed(text):
    assert parse_query(text).relaxed() is None


def test_a_phrase_of_a_run_has_the_tokens_of_the_index():
    assert parse_query("引资").strict() == AllOf((Phrase(("引资",)),))
