"""An investor's way through the portal, to the receipt in hand and the mail at the desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.form_guard import SHORTEST_TIME
from tests.browser.accessibility import violations

MESSAGE = "We look for 20 ha near a port.\nWhich plots have 10 kV power? 需要靠近港口的土地。"
PARK = {"en": "Lingang", "zh-hans": "临港", "zh-hant": "臨港"}


@pytest.mark.parametrize("language", PARK)
def test_from_the_home_page_to_the_mail_at_the_desk(page: Page, portal, language):
    address = f"investor-{language}@example.org"
    page.goto(portal.page(language))
    page.locator(f".site-header__wide a[href='/{language}/parks/']").first.click()
    page.locator(f"main a[href='/{language}/parks/lingang/']").first.click()
    expect(page.locator("h1")).to_contain_text(PARK[language])

    # The park goes along.
    page.locator("main a[href*='/inquiry/?park=lingang']").first.click()
    expect(page.locator("main")).to_contain_text(PARK[language])

    page.fill("[name=name]", "Ada Example 艾达")
    page.fill("[name=email]", address)
    page.select_option("[name=country]", "DE")
    page.select_option("[name=subject]", index=1)
    page.fill("[name=message]", MESSAGE)
    page.wait_for_timeout((SHORTEST_TIME + 1) * 1000)  # people need longer
    page.locator("main form button[type=submit]").dblclick()  # an impatient one

    expect(page).to_have_url(re.compile(rf"/{language}/inquiry/thanks/\?r=\S+"))
    expect(page.locator("main")).to_contain_text("Which plots have 10 kV power?")
    expect(page.locator("main")).to_contain_text(PARK[language])
    reference = page.locator(".receipt__reference").inner_text()
    assert re.fullmatch(r"[A-Z0-9-]{8,}", reference)
    assert violations(page) == []

    # The worker sends the receipt to the visitor and a notice to the desk.
    receipt, notice = sorted(
        portal.wait_for_mails(reference, count=2), key=lambda mail: address not in mail["To"]
    )
    assert receipt["To"] == address
    assert "Which plots have 10 kV power?" in receipt.get_content()
    assert notice["To"] != address
    assert "Which plots" not in notice.get_content()
    assert f"{portal.url}/admin/inquiries/" in notice.get_content()

    # Reading the receipt again sends nothing again, and nobody else finds it.
    page.reload()
    expect(page.locator(".receipt__reference")).to_have_text(reference)
    assert len(portal.mails_to(address)) == 1
    assert page.goto(portal.page(language, "inquiry/thanks/?r=guess")).status == 404


def test_a_form_that_came_too_fast_loses_nothing(page: Page, portal):
    page.goto(portal.page("en", "inquiry/"))
    page.fill("[name=name]", "Ada Example")
    page.fill("[name=email]", "ada@example")
    page.fill("[name=message]", MESSAGE)

    page.locator("main form button[type=submit]").click()

    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Ada Example")
    expect(page.locator("[name=message]")).to_have_value(MESSAGE)
    # Each error leads to its box.
    page.locator("#errors a", has_text="E-mail").first.click()
    expect(page.locator("[name=email]")).to_be_focused()


def test_a_reader_asks_a_question_under_a_post(page: Page, portal):
    page.goto(portal.page("en", "news/development-history-of-the-cluster/"))
    page.locator("main a[href$='/ask/']").first.click()
    page.fill("[name=text]", "Is there a railway to the port?")
    page.wait_for_timeout((SHORTEST_TIME + 1) * 1000)

    page.locator("main form button[type=submit]").click()

    expect(page.locator("main")).to_contain_text(re.compile("thank|read|answer", re.IGNORECASE))
    expect(page.locator("main form [name=text]")).to_have_count(0)
    page.goto(portal.page("en", "news/development-history-of-the-cluster/"))
    expect(page.locator("main")).not_to_contain_text("Is there a railway to the port?")
