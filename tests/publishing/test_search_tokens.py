"""Cutting text into tokens."""

import pytest

from publishing.search.backends.base import Tokens
from publishing.search.backends.postgresql import vector_of
from publishing.search.places import Shelf
from publishing.search.tokens import fold, index_tokens, stem, title_marks, triples


def test_a_han_run_becomes_overlapping_pairs_and_single_characters():
    assert index_tokens("招商引资") == ["招商", "商引", "引资", "资", "招", "商", "引", "资"]


def test_a_single_character_stands_between_two_runs_so_that_no_phrase_crosses_them():
    tokens = index_tokens("招商，商引")

    assert tokens[:4] == ["招商", "商", "商引", "引"]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("園區", "园区"),
        ("招商引資", "招商引资"),
        ("Ｈｏｎｄａ", "honda"),
        ("São Paulo", "sao paulo"),
        ("Cafe\u0301", "café"),
        ("㎡", "m2"),
    ],
)
def test_forms_of_the_same_text_are_one(text, same):
    assert fold(text) == fold(same)


@pytest.mark.parametrize("word", ["electronics", "electronic"])
def test_forms_of_an_english_word_have_one_stem(word):
    assert stem(word) == "electron"


@pytest.mark.parametrize("word", ["5g", "2022", "größe", "завод"])
def test_words_with_digits_or_other_letters_stay_whole(word):
    assert stem(word) == word


def test_latin_words_between_han_runs_are_words():
    assert index_tokens("广汽Honda工厂")[:5] == ["广汽", "汽", "honda", "工厂", "厂"]


def test_tokens_hold_nothing_but_letters_and_digits():
    text = """'); DROP TABLE x; -- "a" * NEAR(b) c:* d^2 \\ 'é' 五'六 \x00 {title}"""

    assert all(token.isalnum() for token in index_tokens(text))


def test_a_text_of_signs_has_no_tokens():
    assert index_tokens("——…… !?") == []


def test_a_vector_names_places_and_weights():
    row = Tokens(1, ["园区"], [], ["肇庆", "园区"], ["园区肇"], Shelf("page", "en"), 7)

    assert vector_of(row) == "'园区':1A,3D '肇庆':2D '园区肇' '\ue001page en'"


def test_triples_and_marked_titles_have_no_place():
    assert triples("招商引资，园区；招商引") == ["招商引", "商引资"]
    assert title_marks("园区") == ["\ue000园区", "\ue000区", "\ue000园"]
