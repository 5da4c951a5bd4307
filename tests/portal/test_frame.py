"""The frame of every page: menus, languages, addresses for search engines, the way here."""

from datetime import timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.html import escape

from core.models import SiteSettings
from portal.models import MenuItem, Page
from publishing.pages import absolute
from publishing.visibility import Status

pytestmark = pytest.mark.django_db


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
    html = render("{% site_header %}", "/zh-hans/parks/", "zh-hans")
    assert 'href="/zh-hans/parks/"' in html
    assert 'href="/zh-hans/news/"' in html


def test_menu_marks_the_part_of_the_site_where_the_visitor_is(menu):
    html = render("{% site_header %}", "/en/parks/lingang/")
    assert html.count('href="/en/parks/" aria-current="true"') == 2  # folded and wide
    assert 'href="/en/news/" aria-current' not in html


def test_menu_says_which_language_an_untranslated_label_is_in(menu):
    assert 'lang="en">Parks' in render("{% site_header %}", "/zh-hans/", "zh-hans")


def test_menu_leaves_out_a_page_that_is_not_public(menu):
    html = render("{% site_footer %}")
    assert "About us" in html
    assert "Not yet" not in html


def test_the_frame_of_a_page_costs_version_site_and_menus_once(menu, django_assert_num_queries):
    SiteSettings.current()
    with django_assert_num_queries(2):  # the whole row of the site is its version too
        render("{% site_header %}{% site_footer %}")
    with django_assert_num_queries(1):
        render("{% site_header %}{% site_footer %}", "/en/news/")


def test_the_stored_frame_follows_every_visitor(menu):
    for address, here, query in (
        ("/en/parks/", "/en/parks/", ""),
        ("/en/news/", "/en/news/", "new <b>energy</b>"),
        ("/en/", "", ""),
    ):
        request = RequestFactory().get(address)
        context = Context({"request": request, "words": query})
        html = Template("{% load portal_frame %}{% site_header words %}").render(context)
        assert ("aria-current" in html.replace('hreflang="en" aria-current="true"', "")) == bool(
            here
        )
        assert not here or f'href="{here}" aria-current="true"' in html
        assert html.count(f'value="{escape(query)}"') == 2
        assert f'href="/zh-hant{address.removeprefix("/en")}"' in html
        assert "\0" not in html


def test_each_language_has_a_frame_of_its_own(menu):
    for _round in range(2):
        assert 'href="/en/inquiry/"' in render("{% site_header %}")
        chinese = render("{% site_header %}", "/zh-hans/parks/", "zh-hans")
        assert 'href="/zh-hans/inquiry/"' in chinese
        assert "/en/inquiry/" not in chinese


def test_an_edit_of_the_menu_shows_at_once(menu):
    assert "News" in render("{% site_header %}")
    news = MenuItem.objects.get(address="/news/")
    news.label_en = "Gazette"
    news.save()
    assert "Gazette" in render("{% site_header %}")


def test_a_page_leaves_the_menu_at_the_second_it_expires(menu):
    page = Page.objects.get(slug="about")
    page.unpublish_at = timezone.now() + timedelta(minutes=5)
    page.save()
    assert "About us" in render("{% site_footer %}")
    with time_machine.travel(page.unpublish_at + timedelta(seconds=1), tick=False):
        assert "About us" not in render("{% site_footer %}")


def test_the_frame_of_an_address_outside_every_language_leads_to_the_home_pages(menu):
    html = render("{% site_header %}", "/accounts/login/")
    assert 'href="/zh-hans/"' in html


def test_language_switch_keeps_page_and_query():
    html = render("{% site_footer %}", "/en/projects/?park=lingang&page=2")
    assert 'href="/zh-hans/projects/?park=lingang&amp;page=2"' in html
    assert 'href="/zh-hant/projects/?park=lingang&amp;page=2"' in html


def test_language_switch_names_each_language_in_itself_and_marks_the_present_one():
    html = render("{% site_footer %}", "/zh-hant/", "zh-hant")
    assert all(name in html for name in ("English", "简体中文", "繁體中文"))
    assert html.count("aria-current") == 1
    assert 'hreflang="zh-Hant" aria-current="true"' in html


def test_language_switch_outside_every_language_leads_home():
    assert 'href="/zh-hans/"' in render("{% site_footer %}", "/accounts/login/")


def test_language_switch_escapes_what_stands_in_the_query():
    html = render("{% site_footer %}", '/en/search/?q="><svg onload=x>')
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


def test_style_guide_has_no_inline_style_or_script(client):
    html = client.get("/en/style-guide/").content.decode()
    assert " style=" not in html
    assert "<script" not in html
    assert "<style" not in html
