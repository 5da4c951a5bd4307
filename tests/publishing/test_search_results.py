"""What is found, in which language, and in which order."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from news.models import Post, Topic
from publishing.search.query import parse_query
from publishing.search.results import PAGE_SIZE, PREVIEW_SIZE, Hit, Results, Sort, find
from tests.publishing.search_samples import make_industry, make_page

pytestmark = pytest.mark.django_db


def results(query: str, language: str = "en", **options) -> Results:
    return find(parse_query(query), language, **options)


def hits(query: str, language: str = "en", **options) -> list[Hit]:
    return [hit for group in results(query, language, **options).groups for hit in group.hits]


def slugs(query: str, language: str = "en", **options) -> list[str]:
    return [hit.url.rstrip("/").split("/")[-1] for hit in hits(query, language, **options)]


@pytest.fixture
def _samples():
    make_page(
        "honda",
        title_en="Honda opens a plant in Zhaoqing",
        title_zh_hans="本田在肇庆设厂",
        title_zh_hant="本田在肇慶設廠",
        body_en="<p>Electronic components, 2022.</p>",
    )
    make_page("invest", title_zh_hans="招商引资政策", body_zh_hans="<p>各园区适用；招商 引资</p>")
    make_page("mixed", title_zh_hans="广汽Honda零部件", summary_zh_hans="肇庆高要")
    make_page("taiwan", title_zh_hant="肇慶高新區園區")


@pytest.mark.usefixtures("_samples")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("园区", {"invest", "taiwan"}),
        ("園區", {"invest", "taiwan"}),
        ("招商引资", {"invest"}),
        ("招商引資", {"invest"}),
        ("商引", {"invest"}),
        ("electronics", {"honda"}),
        ("ELECTRONIC", {"honda"}),
        ("Honda", {"honda", "mixed"}),
        ("ｈｏｎｄａ", {"honda", "mixed"}),
        ("本田", {"honda"}),
        ("Honda 肇庆", {"mixed"}),
        ("肇慶 Honda", {"mixed"}),
        ("Honda肇庆", {"mixed"}),
        ("园", {"invest", "taiwan"}),
        ("區", {"invest", "taiwan"}),
        ("2022", {"honda"}),
        ("田肇", set()),
        ("nowhere", set()),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_language_finds_the_same_records(query, found, language):
    assert set(slugs(query, language)) == found


@pytest.mark.usefixtures("_samples")
def test_a_record_comes_once_in_the_visitors_language():
    [hit] = hits("本田", "zh-hant")

    assert hit.title == "<mark>本田</mark>在肇慶設廠"
    assert hit.url == "/zh-hant/honda/"
    assert (hit.title_language, hit.foreign_to_visitor) == ("", "")


@pytest.mark.usefixtures("_samples")
def test_a_match_in_another_language_is_shown_under_the_visitors_title():
    [hit] = hits("本田", "en")

    assert hit.title == "Honda opens a plant in Zhaoqing"
    assert hit.title_language == ""
    assert hit.excerpt == "<mark>本田</mark>在肇庆设厂"
    assert hit.excerpt_language == "zh-Hans"


@pytest.mark.usefixtures("_samples")
def test_a_record_that_is_only_in_another_language_is_marked_so():
    [hit] = hits("招商引资", "en")

    assert hit.title_language == "zh-Hans"
    assert hit.foreign_to_visitor == "zh-hans"
    assert hit.url == "/en/invest/"


@pytest.mark.usefixtures("_samples")
def test_matches_in_the_visitors_language_come_first():
    assert slugs("Honda", "en") == ["honda", "mixed"]
    assert slugs("Honda", "zh-hans") == ["mixed", "honda"]


def test_a_match_in_the_title_comes_before_one_in_the_text():
    make_page("in-text", title_en="Other", body_en="<p>battery battery</p>")
    make_page("in-title", title_en="Battery plant")

    assert slugs("battery") == ["in-title", "in-text"]


@pytest.mark.parametrize("status", ["draft", "in_review", "archived"])
def test_what_is_not_published_is_never_found(status):
    make_page("secret", title_en="Secret canary", title_zh_hans="秘密", status=status)

    for query in ("canary", "秘密", "秘", "secr"):
        assert results(query).groups == []


def test_the_schedule_holds_to_the_second():
    now = timezone.now()
    make_page("soon", title_en="Canary", publish_at=now, unpublish_at=now + timedelta(days=1))
    moments = [now - timedelta(seconds=1), now, now + timedelta(days=1)]

    assert [len(hits("canary", at=at)) for at in moments] == [0, 1, 0]


def test_a_relaxed_search_says_so():
    make_page("apart", title_zh_hans="肇庆市产业园区")

    assert results("肇庆园区").is_relaxed
    assert slugs("肇庆园区") == ["apart"]
    assert not results("产业园区").is_relaxed


def test_the_beginning_of_a_word_is_enough_when_nothing_else_fits():
    make_page("chips", title_en="Electronics")

    [hit] = hits("electro")
    assert hit.title == "<mark>Electronics</mark>"


def test_results_are_grouped_and_counted_by_kind():
    for number in range(PREVIEW_SIZE + 2):
        make_page(f"page-{number}", title_en=f"Battery {number}")
    make_industry("batteries", name_en="Batteries")
    found = results("battery")

    assert {group.kind: group.total for group in found.groups} == {"page": 7, "industry": 1}
    assert len(found.group("page").hits) == PREVIEW_SIZE
    assert found.total == 8


def test_one_kind_is_paged_and_the_others_still_counted():
    for number in range(PAGE_SIZE + 3):
        make_page(f"page-{number}", title_en=f"Battery {number}")
    make_industry("batteries", name_en="Batteries")
    first, second = (results("battery", kind="page", page=page) for page in (1, 2))

    assert [len(found.group("page").hits) for found in (first, second)] == [PAGE_SIZE, 3]
    assert second.group("industry").total == 1
    shown = [hit.url for found in (first, second) for hit in found.group("page").hits]
    assert len(set(shown)) == PAGE_SIZE + 3


@pytest.mark.parametrize("page", [3, 999_999, 0, -1])
def test_a_page_that_does_not_exist_is_the_nearest_one(page):
    for number in range(PAGE_SIZE + 1):
        make_page(f"page-{number}", title_en=f"Battery {number}")
    found = results("battery", kind="page", page=page)

    assert found.page == (2 if page > 1 else 1)
    assert found.group("page").hits


def test_newest_first_sorts_by_the_records_own_date():
    topic = Topic.objects.create(slug="all", name_en="All")
    for year in (2021, 2023, 2022):
        Post.objects.create(
            slug=f"in-{year}",
            topic=topic,
            date=date(year, 5, 1),
            title_en="Battery " * (year - 2020),
            status="published",
        )
    found = results("battery", sort=Sort.NEWEST).group("post")

    assert [hit.url for hit in found.hits] == [
        f"/en/news/in-{year}/" for year in (2023, 2022, 2021)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\0", '"', "'", "*", "^", "(", ")", "AND", "OR", "NOT", "NEAR", "NEAR(a b)",
        "a AND", "title:", "title : a", '"a" *', "{a b}: c", "-a", "+a", "a:*", "!a", "a & | b",
        "<->", "\\", "%", "_", "';--", "园*", "^园", '"园', "园" * 300, "a " * 300, "\ud800",
        "﷽", "½", "ß", "İ", "e\u0301" * 50, "\u202e园", "𠮷野家", "ホンダ", "현대",
        "１２３", "a\u200bb", "10.5%", "C++", "C#", "R&D", "5G", "\r\n",
    ],
)  # fmt: skip
def test_nothing_that_can_be_typed_is_an_error(text):
    make_page("page", title_en="a page", title_zh_hans="园")

    assert isinstance(results(text), Results)
    assert isinstance(results(text, kind="page", sort=Sort.NEWEST), Results)
