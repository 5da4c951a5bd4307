"""The index follows the records, in their transaction."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.models import Page
from publishing.search.index import index_records, searchable_models
from publishing.search.query import parse_query
from publishing.search.results import find
from publishing.search_models import SearchEntry, SearchText
from tests.publishing.search_samples import make_page

pytestmark = pytest.mark.django_db


def titles(query: str, language: str = "en") -> list[str]:
    results = find(parse_query(query), language)
    return [str(hit.title) for group in results.groups for hit in group.hits]


def test_a_saved_record_is_found_at_once():
    make_page("about", title_en="About Honda")

    assert titles("Honda") == ["About <mark>Honda</mark>"]


def test_each_language_with_a_title_has_an_entry():
    make_page("about", title_en="About", title_zh_hans="关于园区", summary_zh_hant="園區")

    assert set(SearchEntry.objects.values_list("language", flat=True)) == {"en", "zh-hans"}


def test_formatted_text_is_indexed_without_markup():
    make_page("about", title_en="About", body_en="<p>First</p><p>se<b>cond</b> &amp; third</p>")

    assert SearchText.objects.get().body == "First second & third"
    assert titles("second")
    assert not titles("strong")


def test_a_changed_record_is_found_by_its_new_text_only():
    page = make_page("about", title_en="Honda")
    page.title_en = "Toyota"
    page.save()

    assert titles("Toyota")
    assert not titles("Honda")


def test_a_language_whose_title_is_taken_away_is_forgotten():
    page = make_page("about", title_en="About", title_zh_hans="园区")
    page.title_zh_hans = ""
    page.save()

    assert not titles("园区")
    assert titles("About")


def test_a_deleted_record_is_forgotten():
    make_page("about", title_en="Honda")
    Page.objects.all().delete()

    assert not titles("Honda")
    assert not SearchEntry.objects.exists()


def test_a_change_that_is_rolled_back_leaves_no_trace():
    make_page("about", title_en="Honda")
    with transaction.atomic():
        make_page("other", title_en="Honda again")
        transaction.set_rollback(True)

    assert titles("Honda") == ["<mark>Honda</mark>"]


def test_bulk_changes_are_indexed_by_a_call():
    make_page("about", title_en="Honda")
    Page.objects.update(status="draft")
    index_records(Page.objects.all())

    assert not titles("Honda")


def test_a_batch_costs_the_same_for_one_and_for_many():
    for number in range(20):
        make_page(f"page-{number}", title_en=f"Honda {number}", title_zh_hans="园区")
    counts = []
    for pages in (Page.objects.all()[:1], Page.objects.all()):
        with CaptureQueriesContext(connection) as queries:
            index_records(pages)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 8


def test_a_rebuild_restores_a_lost_index():
    make_page("about", title_en="Honda", title_zh_hans="本田")
    SearchEntry.objects.all().delete()
    out = StringIO()
    call_command("rebuild_search", stdout=out)

    assert titles("Honda")
    assert titles("本田", "zh-hans")
    assert "2 entries" in out.getvalue()


def test_a_rebuild_twice_is_the_same():
    make_page("about", title_en="Honda")
    call_command("rebuild_search", stdout=StringIO())
    call_command("rebuild_search", stdout=StringIO())

    assert titles("Honda") == ["<mark>Honda</mark>"]


def test_the_address_is_kept_without_its_language():
    make_page("about", title_en="About", title_zh_hans="关于")

    assert set(SearchEntry.objects.values_list("path", flat=True)) == {"/about/"}


def test_every_searchable_model_names_its_kind():
    assert {model.search_kind for model in searchable_models()} >= {
        "park", "industry", "project", "post", "history", "page", "indicator",
    }  # fmt: skip
    assert all(model.search_kind for model in searchable_models())


def test_a_text_of_any_length_is_indexed():
    make_page("long", title_en="Long", body_zh_hans="园区" * 40_000, title_zh_hans="长")

    assert titles("园区", "zh-hans")


def test_the_benchmark_leaves_no_trace():
    make_page("about", title_en="Honda")
    out = StringIO()
    call_command("bench_search", documents=60, rounds=1, stdout=out)

    assert "rare word" in out.getvalue()
    assert SearchEntry.objects.count() == 1
