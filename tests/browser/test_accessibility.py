"""axe finds nothing on what a page becomes when it is used, in every language, light and dark."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.addresses import LANGUAGES, PAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["inquiry", "question-form"])
def test_a_form_with_errors_is_accessible(page: Page, portal, kind, language):
    page.goto(portal.page(language, PAGES[kind]))

    page.locator("main form button[type=submit]").click()

    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_folded_menu_of_a_phone_is_accessible(page: Page, portal, language):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(portal.page(language))

    page.locator(".site-header__fold summary").click()

    expect(page.locator(".site-header__folded nav").first).to_be_visible()
    assert violations(page) == []


def test_the_login_of_the_desk_is_accessible(page: Page, portal):
    page.goto(f"{portal.url}/accounts/login/")

    expect(page.locator("[name=password]")).to_be_visible()
    assert violations(page) == []
