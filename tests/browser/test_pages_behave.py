"""Every kind of page in a real browser: it opens, breaks no policy, and asks no other host."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

PAGES = (
    "",
    "parks/",
    "industries/",
    "projects/",
    "statistics/",
    "news/",
    "history/",
    "contact/",
    "search/?q=园区",
)
LANGUAGES = {"en": "en", "zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}


@pytest.fixture
def portal(live_server) -> str:
    """Address of a portal with the starter content."""
    call_command("load_starter", verbosity=0)
    return live_server.url


def test_every_kind_of_page_opens_in_every_language(page: Page, portal):
    for language, html_language in LANGUAGES.items():
        for address in PAGES:
            response = page.goto(f"{portal}/{language}/{address}")
            assert response.status == 200, response.url
            expect(page.locator("html")).to_have_attribute("lang", html_language)
            expect(page.locator("h1")).to_have_count(1)


def test_no_page_is_wider_than_a_small_phone(page: Page, portal):
    page.set_viewport_size({"width": 320, "height": 640})
    for address in PAGES:
        page.goto(f"{portal}/en/{address}")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"/en/{address} is {width} px wide"
