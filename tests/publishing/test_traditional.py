"""繁體 made from 简体: right characters, whole markup, and never over a person's words."""

import pytest

from publishing.traditional import produce_traditional, to_traditional
from publishing.translation_state import TranslationState, field_state
from tests.staff import records


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("招商引资", "招商引資"),
        ("年税收4.45亿元", "年稅收4.45億元"),
        ("项目落户肇庆新区", "項目落戶肇慶新區"),
        ("占地面积1355亩", "佔地面積1355畝"),
        ("启动建设", "啟動建設"),
        ("联系我们", "聯絡我們"),
        ("“小巨人”企业", "「小巨人」企業"),
        ("", ""),
    ],
)
def test_words_of_the_glossary_come_out_right(simplified, traditional):
    assert to_traditional(simplified) == traditional


def test_markup_entities_and_addresses_stay_as_they_are():
    html = (
        '<p title="开">产业&nbsp;园 <a href="https://example.org/产业">产业</a> https://e.cn/园</p>'
    )

    assert to_traditional(html) == (
        '<p title="开">產業&nbsp;園 <a href="https://example.org/产业">產業</a> https://e.cn/园</p>'
    )


@pytest.mark.django_db
def test_made_text_follows_its_source_until_a_person_takes_over():
    post = records.post(title_zh_hans="产业园", summary_zh_hans="摘要")

    assert sorted(produce_traditional(post)) == ["summary", "title"]
    post.title_zh_hans = "工业园"
    post.save()
    assert field_state(post, "title", "zh-hant") == TranslationState.OUTDATED
    assert produce_traditional(post) == ["title"]
    assert post.title_zh_hant == "工業園"
    assert field_state(post, "title", "zh-hant") == TranslationState.MACHINE

    post.title_zh_hant = "工業園區"
    post.save()
    assert field_state(post, "title", "zh-hant") == TranslationState.REVIEWED
    post.title_zh_hans = "新工业园"
    post.save()
    assert produce_traditional(post) == []
    assert post.title_zh_hant == "工業園區"


@pytest.mark.django_db
def test_an_original_in_traditional_is_never_overwritten():
    post = records.post(source_language="zh-hant", title_zh_hans="园", title_zh_hant="")

    assert produce_traditional(post) == []


@pytest.mark.django_db
def test_records_without_states_have_their_empty_texts_filled():
    contact = records.contact(organisation_zh_hans="投资促进局")

    assert produce_traditional(contact) == ["organisation"]
    contact.refresh_from_db()
    assert contact.organisation_zh_hant == "投資促進局"
