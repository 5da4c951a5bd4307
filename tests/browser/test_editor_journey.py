"""An editor's way from the login to a post that visitors read in three languages."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.running_portal import RunningPortal
from tests.library.samples import picture_bytes

DESK_LANGUAGES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}
TITLES = {
    "en": "Works begin at the quay",
    "zh-hans": "码头项目开工",
    "zh-hant": "碼頭項目動工",
}
TEXTS = {
    "en": "The works have begun.",
    "zh-hans": "码头工程已开工建设。",
    "zh-hant": "碼頭工程已動工興建。",
}
ALTS = {"en": "A quay with cranes", "zh-hans": "码头与吊机", "zh-hant": "碼頭與吊機"}


def log_in(page: Page, portal: RunningPortal) -> None:
    page.goto(f"{portal.url}/admin/")
    page.fill("[name=login]", portal.user)
    page.fill("[name=password]", portal.password)
    page.locator("main form button[type=submit], form.login button[type=submit]").first.click()
    expect(page.locator("#logout-form")).to_be_attached()


def speak(page: Page, language: str) -> None:
    """Switch the desk itself, not the texts of a form."""
    with page.expect_navigation():
        page.locator(f".desk-switch button[value={language}]").click()
    expect(page.locator(f".desk-switch button[value={language}]")).to_have_attribute(
        "aria-current", "true"
    )


@pytest.mark.parametrize("desk_language", ["en", "zh-hans"])
def test_from_the_login_to_a_post_in_three_languages(page: Page, portal, desk_language):
    slug = f"works-begin-{desk_language}"
    log_in(page, portal)
    speak(page, desk_language)

    page.goto(f"{portal.url}/admin/news/post/add/")
    page.locator(".field-topic .select2-selection").click()
    page.locator(".select2-results__option[role=option]").first.click()
    for language, name in DESK_LANGUAGES.items():
        field = language.replace("-", "_")
        page.get_by_role("tab", name=name).click()
        page.fill(f"#id_title_{field}", TITLES[language])
        page.fill(f"#id_summary_{field}", TEXTS[language])
        page.locator(f".ProseMirror[aria-label$='{name}']").click()
        page.keyboard.type(TEXTS[language])
    page.fill("#id_slug", slug)

    # A picture, from its own window.
    with page.expect_popup() as opened:
        page.locator("#add_id_image").click()
    picture = opened.value
    picture.fill("#id_title", f"Quay {desk_language}")
    picture.set_input_files(
        "#id_file", {"name": "quay.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes().read()}
    )
    for language, name in DESK_LANGUAGES.items():
        if picture.get_by_role("tab", name=name).count():
            picture.get_by_role("tab", name=name).click()
        picture.fill(f"#id_alt_{language.replace('-', '_')}", ALTS[language])
    picture.select_option("#id_licence", index=1)
    picture.fill("#id_credit", "Photographer")
    with picture.expect_event("close"):
        picture.locator("[name=_save]").click()
    expect(page.locator(".field-image .select2-selection__rendered")).to_contain_text("Quay")

    # A draft is nobody's business.
    page.locator("[name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    for language in TITLES:
        assert page.request.get(portal.page(language, f"news/{slug}/")).status == 404

    page.select_option("#id_status", "published")
    page.locator("[name=_save]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()

    for language, title in TITLES.items():
        page.goto(portal.page(language, f"news/{slug}/"))
        expect(page.locator("h1")).to_have_text(title)
        expect(page.locator("main")).to_contain_text(TEXTS[language])
        image = page.locator(f"main img[alt='{ALTS[language]}']")
        expect(image).to_be_visible()
        assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
        expect(page.locator(".notice")).to_have_count(0)
        page.goto(portal.page(language, "news/"))
        expect(page.locator("main")).to_contain_text(title)
        page.goto(portal.page(language, f"search/?q={title[:6]}"))
        expect(page.locator(f"main a[href$='/news/{slug}/']").first).to_be_visible()


@pytest.mark.parametrize("part", range(4))
def test_the_pages_of_the_desk_are_accessible(page: Page, portal, part):
    """Front page, and of each kind of record the list, the empty form and a filled one."""
    log_in(page, portal)
    speak(page, "en")
    links = page.locator(".desk-apps a[href*='/admin/']").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    addresses = ["/admin/", *dict.fromkeys(link for link in links if link.count("/") >= 4)]
    assert len(addresses) > 20

    assert broken_rules(page, portal, addresses[part::4]) == []


@pytest.mark.parametrize("desk_language", ["zh-hans", "zh-hant"])
def test_the_busiest_pages_of_the_desk_are_accessible_in_chinese(page: Page, portal, desk_language):
    log_in(page, portal)
    speak(page, desk_language)

    addresses = ["/admin/", "/admin/news/post/", "/admin/parks/park/add/"]
    assert broken_rules(page, portal, addresses) == []


def broken_rules(page: Page, portal: RunningPortal, addresses: list[str]) -> list[str]:
    """What axe finds on the pages and on the first record of each list among them."""
    found = []
    for address in addresses:
        page.goto(portal.url + address)
        expect(page.locator("#logout-form")).to_be_attached()
        found += [f"{address} {line}" for line in violations(page)]
        record = page.locator("#result_list tbody th a").first
        if record.count():
            page.goto(portal.url + record.get_attribute("href"))
            expect(page.locator("#logout-form")).to_be_attached()
            found += [f"{page.url} {line}" for line in violations(page)]
    return found
