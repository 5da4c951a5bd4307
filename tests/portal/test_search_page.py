"""The search page."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import Contact, SiteSettings
from portal.search import KINDS
from publishing.fragments import fragments
from publishing.search.backends.base import TAKEN_OF_MANY
from publishing.search.index import searchable_models
from publishing.search.results import PAGE_SIZE
from tests.publishing.search_samples import make_industry, make_page

pytestmark = pytest.mark.django_db


def main_of(response) -> str:
    """The page without its frame, whose search boxes repeat the query."""
    content = response.content.decode()
    return content[content.index("<main") : content.index("</main>")]


def test_results_are_shown_by_kind_with_counts_and_marks(client):
    make_page("about", title_en="About Honda", body_en="<p>Honda makes things.</p>")
    make_industry("cars", name_en="Cars", summary_en="Honda and others")
    response = client.get("/en/search/", {"q": "honda"})
    page = main_of(response)

    assert response.status_code == 200
    assert "About <mark>Honda</mark>" in page
    assert '<h2 id="results-page">Pages <span class="search-results__count">1</span>' in page
    assert '<h2 id="results-industry">Industries' in page


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("query", ["园区", "園區"])
def test_both_writings_find_the_same_in_every_language(client, language, query):
    make_page("about", title_zh_hans="关于园区")
    page = main_of(client.get(f"/{language}/search/", {"q": query}))

    assert "<mark>园区</mark>" in page
    assert f'href="/{language}/about/"' in page


def test_a_text_in_another_language_has_its_own_lang(client):
    make_page("about", title_zh_hans="关于园区")

    assert '<a href="/en/about/" lang="zh-Hans">' in main_of(
        client.get("/en/search/", {"q": "园区"})
    )


def test_one_kind_is_asked_for_by_its_link(client):
    make_page("about", title_en="About Honda")
    make_industry("cars", name_en="Honda cars")
    page = main_of(client.get("/en/search/", {"q": "honda", "kind": "industry"}))

    assert "results-industry" in page
    assert "results-page" not in page
    assert re.search(r'href="\?q=honda&amp;kind=page"', page)


def test_many_results_of_a_kind_have_pages(client):
    for number in range(PAGE_SIZE + 2):
        make_page(f"page-{number}", title_en=f"Honda {number}")
    page = main_of(client.get("/en/search/", {"q": "honda", "kind": "page", "page": "2"}))

    assert "Page 2 of 2" in page
    assert page.count('<article class="result">') == 2


def test_a_draft_is_never_shown(client):
    make_page("secret", title_en="Canary", title_zh_hans="秘密", status="draft")

    for query in ("canary", "秘密"):
        assert "/secret/" not in client.get("/en/search/", {"q": query}).content.decode()


def test_markup_in_records_and_queries_is_escaped(client):
    canary = "\"'><svg onload=x>{{7*7}}"
    make_page("about", title_en=f"Honda {canary}", body_en="<p>Honda</p>")
    content = client.get("/en/search/", {"q": f"honda {canary}"}).content.decode()

    assert "<svg onload" not in content
    assert "49" not in main_of(client.get("/en/search/", {"q": canary}))


def test_nothing_found_offers_pages_and_a_person(client):
    contact = Contact.objects.create(
        key="desk", organisation_en="Investment bureau", phone="+86 758 1234567"
    )
    site = SiteSettings.get_solo()
    site.contact = contact
    site.save()
    page = main_of(client.get("/en/search/", {"q": "zzzz"}))

    assert "Nothing was found for “zzzz”" in page
    assert 'href="/en/parks/"' in page
    assert "+86 758 1234567" in page


def test_an_empty_search_says_what_can_be_sought(client):
    page = main_of(client.get("/en/search/"))

    assert "Write a word in English or Chinese" in page
    assert "Nothing was found" not in page


@pytest.mark.parametrize(
    ("query", "note"),
    [
        ("Hon\x07da", "cannot be read"),
        ("\ufffd", "cannot be read"),
        ('"Honda" AND (', "operators and other signs are ignored"),
        ("???", "at least one letter"),
        ("园" * 3000, "very long"),
    ],
)
def test_an_odd_query_gets_an_answer_with_a_note(client, query, note):
    response = client.get("/en/search/", {"q": query})

    assert response.status_code == 200
    assert note in main_of(response)


@pytest.mark.parametrize("name", ["q", "kind", "sort", "page"])
def test_a_nul_is_refused_and_not_an_error(client, name):
    assert client.get("/en/search/", {"q": "honda", name: "Hon\0da"}).status_code in {200, 400}


@pytest.mark.parametrize(
    ("parameters", "label"), [({"kind": "x"}, "Kind of page"), ({"sort": "'"}, "Order")]
)
def test_a_wrong_filter_is_left_out_and_says_so(client, parameters, label):
    make_page("about", title_en="Honda")
    response = client.get("/en/search/", {"q": "honda", **parameters})

    assert response.status_code == 200
    assert f"The filter “{label}” was not understood" in main_of(response)
    assert "<mark>Honda</mark>" in main_of(response)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 30, "²"])
def test_a_page_number_that_makes_no_sense_is_answered(client, page):
    make_page("about", title_en="Honda")
    response = client.get("/en/search/", {"q": "honda", "kind": "page", "page": page})

    assert response.status_code == 200
    assert "<mark>Honda</mark>" in main_of(response)


@pytest.mark.parametrize("parameters", [{}, {"kind": "page"}, {"sort": "newest"}])
def test_the_page_asks_as_often_with_1_as_with_300_records(client, parameters):
    SiteSettings.get_solo()
    make_page("about", title_en="Honda", title_zh_hans="本田")
    counts = []
    for _round in range(2):
        fragments.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/en/search/", {"q": "honda", **parameters}).status_code == 200
        counts.append(len(queries))
        if len(counts) == 1:
            for number in range(299):
                make_page(f"page-{number}", title_en=f"Honda {number}")

    assert counts[0] == counts[1] <= 8


def test_the_query_stays_in_the_box(client):
    page = main_of(client.get("/en/search/", {"q": "Honda 肇庆"}))

    assert 'value="Honda 肇庆"' in page


def test_every_kind_of_record_has_a_heading():
    assert {model.search_kind for model in searchable_models()} == set(KINDS)


def test_very_many_results_say_that_nobody_counted_them(client, monkeypatch):
    monkeypatch.setattr("publishing.search.backends.sqlite.MAX_RANKED", 50)
    monkeypatch.setattr("publishing.search.backends.postgresql.MAX_RANKED", 50)
    for number in range(TAKEN_OF_MANY + 1):
        make_page(f"page-{number}", title_en=f"Honda {number}")
    make_industry("cars", name_en="Honda cars")
    page = main_of(client.get("/en/search/", {"q": "honda"}))
    last = main_of(client.get("/en/search/", {"q": "honda", "kind": "page", "page": "9"}))

    assert "There are very many results" in page
    assert f'Pages <span class="search-results__count">{TAKEN_OF_MANY}+</span>' in page
    assert 'Industries <span class="search-results__count">1</span>' in page
    assert "More results: Pages" in page
    assert "Page 3 of 3" in last
