"""The frame of every page: menus, languages, addresses for search engines, the way here."""

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from portal.models import MenuItem, Page
from publishing.pages import absolute
from publishing.visibility import Status


def render(markup: str, address: str = "/en/parks/", language: str = "en") -> str:
    """Output of ``markup`` as a template of the page at ``address``."""
    request = RequestFactory().get(address)
    with translation.override(language):
        return Template("{% load portal_frame %}" + markup).render(Context({"request": request}))


@pytest.fixture
def menu(db):
    page = Page.objects.create(slug="about", title_en="About", status=Status.PUBLISHED)
    draft = Page.objects.create(slug="secret", title_en="Secret", status=Status.DRAFT)
    MenuItem.objects.create(menu="main", label_en="Parks", address="/parks/", order=1)
    MenuItem.objects.create(menu="main", label_en="News", address="/news/", order=2)
    MenuItem.objects.create(menu="footer", label_en="About us", page=page)
    MenuItem.objects.create(menu="footer", label_en="Not yet", page=draft)


def test_menu_leads_to_its_addresses_in_the_language_of_the_page(menu):
    html = render('{% site_menu "main" %}', "/zh-hans/parks/", "zh-hans")
    assert 'href="/zh-hans/parks/"' in html
    assert 'href="/zh-hans/news/"' in html


def test_menu_marks_the_part_of_the_site_where_the_visitor_is(menu):
    html = render('{% site_menu "main" %}', "/en/parks/lingang/")
    assert html.count("aria-current") == 1
    assert 'href="/en/parks/" aria-current="true"' in html


def test_menu_says_which_language_an_untranslated_label_is_in(menu):
    assert 'lang="en">Parks' in render('{% site_menu "main" %}', "/zh-hans/", "zh-hans")


def test_menu_leaves_out_a_page_that_is_not_public(menu):
    html = render('{% site_menu "footer" %}')
    assert "About us" in html
    assert "Not yet" not in html


def test_both_menus_of_a_page_cost_one_query(menu, django_assert_num_queries):
    with django_assert_num_queries(1):
        render('{% site_menu "main" %}{% site_menu "footer" %}{% site_menu "main" %}')


def test_language_switch_keeps_page_and_query():
    html = render("{% language_switch %}", "/en/projects/?park=lingang&page=2")
    assert 'href="/zh-hans/projects/?park=lingang&amp;page=2"' in html
    assert 'href="/zh-hant/projects/?park=lingang&amp;page=2"' in html


def test_language_switch_names_each_language_in_itself_and_marks_the_present_one():
    html = render("{% language_switch %}", "/zh-hant/", "zh-hant")
    assert all(name in html for name in ("English", "简体中文", "繁體中文"))
    assert html.count("aria-current") == 1
    assert 'hreflang="zh-Hant" aria-current="true"' in html


def test_language_switch_outside_every_language_leads_home():
    assert 'href="/zh-hans/"' in render("{% language_switch %}", "/accounts/login/")


def test_language_switch_escapes_what_stands_in_the_query():
    html = render("{% language_switch %}", '/en/search/?q="><svg onload=x>')
    assert "<svg" not in html


def test_search_engines_are_told_every_language_and_one_address():
    html = render("{% alternate_links %}", "/en/parks/?district=dinghu")
    assert f'<link rel="canonical" href="{absolute("/en/parks/")}">' in html
    assert f'hreflang="zh-Hans" href="{absolute("/zh-hans/parks/")}"' in html
    assert f'hreflang="x-default" href="{absolute("/en/parks/")}"' in html


def test_later_pages_of_a_list_have_an_address_of_their_own():
    html = render("{% alternate_links %}", "/en/projects/?page=2&park=lingang")
    assert f'rel="canonical" href="{absolute("/en/projects/?page=2")}"' in html


@pytest.mark.parametrize("number", ["1", "two", "-1", "%0d%0aX:1", "²"])
def test_page_number_that_makes_no_sense_is_no_address(number):
    html = render("{% alternate_links %}", f"/en/projects/?page={number}")
    assert f'rel="canonical" href="{absolute("/en/projects/")}">' in html


def test_address_outside_every_language_has_no_alternates():
    assert "<link" not in render("{% alternate_links %}", "/accounts/login/")


def test_breadcrumbs_begin_at_home_and_end_without_a_link():
    html = render('{% breadcrumbs "Parks" "/en/parks/" "Lingang" %}')
    assert '<a href="/en/">Home</a>' in html
    assert '<a href="/en/parks/">Parks</a>' in html
    assert '<span aria-current="page">Lingang</span>' in html


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_style_guide_shows_every_component_and_stays_out_of_search_engines(client, language):
    response = client.get(f"/{language}/style-guide/")
    html = response.content.decode()
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    for block in (
        "fact--big", "fact--row", "fact--overdue", "fact--not_stated", "fact--target",
        "tag--announced", "timeline__item--announced", "park-card", "project-card", "post-card",
        "post-feature", "industry-card", "project-row", "officer-card", "promise-box",
        "empty-state", "language-notice", "filter-form", "error-summary", "field--wrong",
        "pagination", "table-scroll", "chart", "map",
    ):  # fmt: skip
        assert f'{block}"' in html or f"{block} " in html, block


@pytest.mark.django_db
def test_style_guide_has_no_inline_style_or_script(client):
    html = client.get("/en/style-guide/").content.decode()
    assert " style=" not in html
    assert "<script" not in html
    assert "<style" not in html
