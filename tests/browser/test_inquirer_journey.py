"""An inquirer comes back: looks where it stands, adds a plan, takes the consent back."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.form_guard import SHORTEST_TIME
from tests.browser.accessibility import violations

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
LANGUAGES = ("en", "zh-hans", "zh-hant")


def send(page: Page) -> None:
    page.wait_for_timeout((SHORTEST_TIME + 1) * 1000)  # people need longer
    page.locator("main form button[type=submit]").click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_receipt_to_the_withdrawal(page: Page, portal, language):
    page.goto(portal.page(language, "inquiry/"))
    page.fill("[name=name]", "Ada Example 艾达")
    page.fill("[name=email]", f"inquirer-{language}@example.org")
    page.select_option("[name=country]", "DE")
    page.select_option("[name=subject]", index=1)
    page.fill("[name=message]", f"Is there steam? {language}")
    send(page)
    reference = page.locator(".receipt__reference").inner_text()

    page.locator(f"main a[href*='/{language}/inquiry/status/']").first.click()
    expect(page.locator("main")).to_contain_text(reference)
    assert violations(page) == []

    page.locator("main a[href*='/status/add/']").click()
    page.fill("[name=text]", "A rail siding, too. 铁路专用线")
    page.set_input_files(
        "[name=files]", {"name": "plan 图.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    assert violations(page) == []
    send(page)
    expect(page).to_have_url(re.compile(r"/inquiry/status/\?r=\S+&done=added"))
    expect(page.locator(".notice--done")).to_be_visible()
    expect(page.locator("main")).to_contain_text("A rail siding, too. 铁路专用线")
    expect(page.locator("main")).to_contain_text("plan 图.pdf")

    address = page.url
    page.locator("main a[href*='/status/data/']").click()
    page.select_option("[name=wish]", "withdrawal")
    page.check("[name=sure]")
    assert violations(page) == []
    send(page)
    expect(page.locator(".notice--done")).to_be_visible()
    assert page.goto(address).status == 404


def test_an_error_is_reported_from_the_page_it_stands_on(page: Page, portal):
    page.goto(portal.page("en", "parks/lingang/"))
    page.locator(".site-footer a[href='/en/report/']").click()
    expect(page.locator("[name=page]")).to_have_value("/en/parks/lingang/")
    page.fill("[name=figure]", "Planned area")
    page.fill("[name=message]", "The statute says something else.")
    assert violations(page) == []
    send(page)
    expect(page.locator("main")).to_contain_text("Your report has arrived")
    page.locator("main a[href*='/inquiry/status/']").first.click()
    expect(page.locator("main")).to_contain_text("We have your report")
