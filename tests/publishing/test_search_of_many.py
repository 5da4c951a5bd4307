"""A search for a common word: a few of very many matches, and the right ones."""

import random
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from core.table_statistics import renew_table_statistics
from portal.models import Page
from publishing.invented_texts import invented_text
from publishing.search.backends import base, postgresql, sqlite
from publishing.search.backends.base import AllOf, Phrase, by_tokens, in_title, with_triples
from publishing.search.index import write_texts
from publishing.search.places import Shelf, place_of
from publishing.search.query import parse_query
from publishing.search.results import Results, Sort, find
from publishing.search_models import SearchEntry, SearchText
from tests.publishing.search_samples import make_page

pytestmark = pytest.mark.django_db

#: Fewer than in earnest, so that a few records are very many.
FEW, TAKEN, TITLES = 10, 4, 2


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch):
    for module in (sqlite, postgresql):
        monkeypatch.setattr(module, "MAX_RANKED", FEW)
    monkeypatch.setattr(base, "TAKEN_OF_MANY", TAKEN)
    monkeypatch.setattr(base, "TITLES_OF_MANY", TITLES)
    monkeypatch.setattr("publishing.search.results.TAKEN_OF_MANY", TAKEN)
    monkeypatch.setattr(
        "publishing.search.results.CAPPED_COUNT",
        f"CASE WHEN COUNT(*) OVER (PARTITION BY kind) > {TAKEN} THEN {TAKEN} "
        "ELSE COUNT(*) OVER (PARTITION BY kind) END",
    )


def results(query: str, language: str = "en", **options) -> Results:
    return find(parse_query(query), language, **options)


def slugs(query: str, **options) -> list[str]:
    groups = results(query, **options).groups
    return [hit.url.rstrip("/").split("/")[-1] for group in groups for hit in group.hits]


def write(number: int, *, kind: str = "post", language: str = "en", **fields) -> None:
    entry = SearchEntry(
        content_type=ContentType.objects.get_for_model(Page),
        object_id=1_000_000 + number,
        language=language,
        kind=kind,
        path=f"/{kind}-{number}/",
        **{"status": "published", "date": f"2022-01-{number % 28 + 1:02}", **fields},
    )
    title = "Battery plant" if number % 7 == 0 else "Other"
    write_texts([SearchText(entry=entry, title=title, body="battery works 新能源汽车产业")])


def test_up_to_the_limit_all_are_counted():
    for number in range(FEW):
        write(number)

    assert results("battery").group("post").total == FEW
    assert not results("battery").is_part


def test_of_more_than_that_the_newest_are_taken():
    for number in range(FEW + 5):
        write(number)
    found = results("battery", sort=Sort.NEWEST)

    assert found.is_part
    assert found.group("post").total == TAKEN
    assert slugs("battery", sort=Sort.NEWEST) == ["post-14", "post-13", "post-12", "post-11"]


def test_of_more_than_that_titles_come_before_the_newest():
    for number in range(FEW + 5):
        write(number)

    assert slugs("battery") == ["post-14", "post-7", "post-13", "post-12"]


def test_a_kind_with_few_is_still_counted():
    for number in range(FEW + 5):
        write(number)
    write(50, kind="park")
    found = results("battery")

    assert found.group("park").total == 1
    assert not found.group("park").is_part
    assert found.group("post").is_part


def test_the_visitors_language_comes_first_among_very_many():
    for number in range(FEW + 5):
        write(number, language="en")
        write(100 + number, language="zh-hans")

    assert slugs("新能源", language="zh-hans", kind="post")[0] == "post-111"
    assert slugs("新能源", language="en", kind="post")[0] == "post-14"


def test_nothing_hidden_is_among_very_many():
    now = timezone.now()
    for number in range(FEW + 5):
        write(number)
    for number, hidden in enumerate(
        ({"status": "draft"}, {"publish_at": now}, {"unpublish_at": now - timedelta(days=1)})
    ):
        write(200 + number, date="2023-01-01", **hidden)
    before = now - timedelta(seconds=1)

    for query in ("battery", "新", "新能", "新能源", "新能源汽", "batt"):
        found = slugs(query, at=before, sort=Sort.NEWEST)
        assert found
        assert not {"post-200", "post-201", "post-202"} & set(found)
    assert "post-201" in slugs("battery", at=now, sort=Sort.NEWEST)


def test_a_changed_date_is_a_new_place_and_not_a_second_one():
    page = make_page("moving", title_en="Battery")
    page.status = "archived"
    page.save()
    for number in range(FEW + 5):
        write(number)

    assert "moving" not in slugs("battery", sort=Sort.NEWEST)


@pytest.mark.parametrize(("start", "count"), [(0, 3), (3, 40)])
def test_what_is_found_is_what_like_finds(start, count):
    choose = random.Random(start)
    content_type = ContentType.objects.get_for_model(Page)
    texts = []
    for number in range(120):
        entry = SearchEntry(
            content_type=content_type,
            object_id=2_000_000 + number,
            language="zh-hans",
            kind=("post", "project")[number % 2],
            status="published",
            date=f"{2000 + number % 20}",
            path=f"/{number}/",
        )
        title, body = (
            invented_text(choose, is_english=False, words=words) for words in (4, 20 + start)
        )
        texts.append(SearchText(entry=entry, title=title, body=body))
    write_texts(texts)

    for _sample in range(count):
        run = choose.choice(choose.choice(texts).body.split("，"))
        length = choose.choice((1, 2, 3, 4))
        query = run[:length]
        like = {
            text.entry.path
            for text in SearchText.objects.select_related("entry").filter(body__contains=query)
            | SearchText.objects.select_related("entry").filter(title__contains=query)
        }
        found = results(query, "zh-hans", kind="post", sort=Sort.NEWEST)
        if found.is_relaxed or not found.groups:
            assert not like
            continue
        posts = [path for path in like if int(path.strip("/")) % 2 == 0]
        group = found.group("post")
        shown = {hit.url.removeprefix("/zh-hans") for hit in group.hits} if group else set()
        assert shown <= set(posts)
        if len(like) <= FEW:
            assert (group.total if group else 0) == len(posts)
        else:
            newest = sorted(posts, key=lambda path: -(int(path.strip("/")) % 20))[:TAKEN]
            assert sorted(int(path.strip("/")) % 20 for path in shown) == sorted(
                int(path.strip("/")) % 20 for path in newest
            )


def test_places_go_from_the_newest_to_the_oldest_on_their_shelf():
    shelf = Shelf("post", "en")
    days = ["2022-10-13", "2022-10", "2022", "1999-12-31", None]
    places = [place_of(shelf, day, 7) for day in days]

    assert places == sorted(places)
    assert place_of(shelf, "2022", 7) < place_of(shelf, "2022", 8)
    assert shelf.first() <= places[0] <= places[-1] <= shelf.last() < 1 << 63


def test_runs_are_sought_by_their_triples():
    pairs = Phrase(("招商", "商引", "引资"))
    triples = (Phrase(("招商引",)), Phrase(("商引资",)))

    assert with_triples(pairs) == by_tokens(pairs) == AllOf((*triples, pairs))
    assert by_tokens(Phrase(("招商", "商引"))) == AllOf((Phrase(("招商引",)),))
    assert in_title(Phrase(("honda",))) == AllOf((Phrase(("\ue000honda",)),))


@pytest.mark.parametrize("query", ["battery", "新", "新能", "新能源", "新能源汽车", "battery 新"])
def test_no_search_reads_a_whole_table(query):
    for number in range(20 * FEW):
        write(number)
    renew_table_statistics()
    statements = []

    def note(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        results(query)
    plan = []
    # PostgreSQL rightly scans tables as small as these.
    explained = statements if connection.vendor == "sqlite" else []
    with connection.cursor() as cursor:
        for sql, params in explained:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan += [row[-1] for row in cursor.fetchall()]

    assert len(statements) > 2
    # A filter against keys that are not there is made by reading all that are.
    whole = ("SCAN publishing_searche", "BLOOM FILTER ON publishing_searche")
    assert not [line for line in plan if line.startswith(whole)]


def test_a_rebuild_keeps_the_newest_first():
    for number in range(FEW + 5):
        make_page(f"page-{number}", title_en="Battery")
    before = slugs("battery")
    call_command("rebuild_search", stdout=StringIO())

    assert slugs("battery") == before
