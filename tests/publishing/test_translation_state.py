"""How far each text is translated, and whether the translation still fits its source."""

import pytest

from core.languages import translated_fields
from publishing.translation_state import (
    TranslationState,
    confirm_translations,
    field_state,
    language_state,
)
from tests.factories import PageFactory

pytestmark = pytest.mark.django_db

MACHINE = frozenset({"zh-hant"})


def page(**texts: str):
    """A page written in Simplified Chinese."""
    return PageFactory(source_language="zh-hans", **{"title_en": "", **texts})


def test_the_source_is_always_reviewed():
    assert field_state(page(title_zh_hans="关于"), "title", "zh-hans") is TranslationState.REVIEWED


def test_a_missing_translation_is_missing():
    about = page(title_zh_hans="关于")

    assert field_state(about, "title", "en") is TranslationState.MISSING
    assert language_state(about, "en") is TranslationState.MISSING


def test_a_translation_by_a_person_is_reviewed():
    about = page(title_zh_hans="关于", title_en="About")

    assert field_state(about, "title", "en") is TranslationState.REVIEWED


def test_a_translation_by_machine_says_so():
    about = PageFactory.build(source_language="zh-hans", title_zh_hans="关于", title_zh_hant="關於")
    about.save(machine_languages=MACHINE)

    assert field_state(about, "title", "zh-hant") is TranslationState.MACHINE


def test_a_person_who_corrects_the_machine_makes_it_reviewed():
    about = PageFactory.build(source_language="zh-hans", title_zh_hans="关于", title_zh_hant="关於")
    about.save(machine_languages=MACHINE)
    about.title_zh_hant = "關於"
    about.save()

    assert field_state(about, "title", "zh-hant") is TranslationState.REVIEWED


def test_a_save_that_changes_no_text_changes_no_state():
    about = PageFactory.build(source_language="zh-hans", title_zh_hans="关于", title_zh_hant="關於")
    about.save(machine_languages=MACHINE)
    about.save()

    assert field_state(about, "title", "zh-hant") is TranslationState.MACHINE


def test_a_changed_source_makes_its_translations_outdated():
    about = page(title_zh_hans="关于", title_en="About", title_zh_hant="關於")
    about.title_zh_hans = "关于本站"
    about.save()
    about.refresh_from_db()

    assert field_state(about, "title", "en") is TranslationState.OUTDATED
    assert field_state(about, "title", "zh-hant") is TranslationState.OUTDATED
    assert field_state(about, "title", "zh-hans") is TranslationState.REVIEWED


def test_source_and_translation_changed_together_fit():
    about = page(title_zh_hans="关于", title_en="About")
    about.title_zh_hans, about.title_en = "关于本站", "About this site"
    about.save()

    assert field_state(about, "title", "en") is TranslationState.REVIEWED


def test_another_field_stays_as_it_was():
    about = page(title_zh_hans="关于", title_en="About", summary_zh_hans="简介", summary_en="Short")
    about.title_zh_hans = "关于本站"
    about.save()

    assert field_state(about, "summary", "en") is TranslationState.REVIEWED
    assert language_state(about, "en") is TranslationState.OUTDATED


def test_a_source_changed_back_fits_again():
    about = page(title_zh_hans="关于", title_en="About")
    for title in ("关于本站", "关于"):
        about.title_zh_hans = title
        about.save()

    assert field_state(about, "title", "en") is TranslationState.REVIEWED


def test_an_outdated_translation_can_be_confirmed_as_it_is():
    about = page(title_zh_hans="关于", title_en="About")
    about.title_zh_hans = "关于本站"
    about.save()

    confirm_translations(about)
    about.save()

    assert field_state(about, "title", "en") is TranslationState.REVIEWED


def test_a_translation_that_was_removed_is_missing_again():
    about = page(title_zh_hans="关于", title_en="About")
    about.title_en = ""
    about.save()

    assert field_state(about, "title", "en") is TranslationState.MISSING
    assert "en" not in about.translation_states


def test_texts_for_search_engines_need_no_translation():
    about = page(title_zh_hans="关于", title_en="About", seo_title_zh_hans="关于集聚区")

    assert field_state(about, "seo_title", "en") is None
    assert language_state(about, "en") is TranslationState.REVIEWED


def test_where_there_is_nothing_there_is_nothing_to_translate():
    about = page(title_zh_hans="关于", title_en="About")

    assert field_state(about, "summary", "en") is None


def test_the_worst_text_decides_the_state_of_a_language():
    about = page(title_zh_hans="关于", title_en="About", summary_zh_hans="简介")

    assert language_state(about, "en") is TranslationState.MISSING


def test_asking_for_a_state_costs_no_query(django_assert_num_queries):
    about = page(title_zh_hans="关于", title_en="About")

    with django_assert_num_queries(0):
        language_state(about, "en")


def test_fields_are_those_that_are_translated():
    assert set(translated_fields(type(page()))) == {
        "title",
        "summary",
        "body",
        "seo_title",
        "seo_description",
    }
