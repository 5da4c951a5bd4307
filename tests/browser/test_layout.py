"""Keyboard, printer and a browser without scripts get all of a page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import PAGES

#: The element with the focus: what it is, where it leads, and whether one sees that it has it:
#: by an outline of its own or around its whole card, or by a stroke in a drawing.
FOCUSED = """
() => {
  const element = document.activeElement;
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const outlined = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const stroked = shape => parseFloat(getComputedStyle(shape).strokeWidth) >= 4;
  return {
    name: [element.tagName, element.getAttribute('class'), element.textContent.trim()].join(' '),
    path: element.pathname || '',
    isBody: element === document.body,
    isInView: box.bottom > 0 && box.top < innerHeight && box.width > 0,
    isCovered: !!top && !element.contains(top) && !top.contains(element),
    isRinged: outlined(getComputedStyle(element)) || outlined(getComputedStyle(element, '::after'))
      || (!!element.ownerSVGElement && [...element.querySelectorAll('*')].some(stroked)),
  };
}
"""


def test_the_first_key_leads_past_the_menu(page: Page, portal):
    page.goto(portal.page("en", "parks/"))

    page.keyboard.press("Tab")

    skip_link = page.locator(".skip-link")
    expect(skip_link).to_be_focused()
    expect(skip_link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["home", "park", "project-list", "inquiry"])
def test_the_focus_is_seen_on_every_stop(page: Page, portal, kind, scheme):
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(portal.page("en", PAGES[kind]))

    stops = []
    for _stop in range(150):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found["isBody"]:
            break
        stops.append(found)

    assert len(stops) > 15
    assert [stop["name"] for stop in stops if not stop["isRinged"]] == []
    assert [stop["name"] for stop in stops if not stop["isInView"]] == []
    assert [stop["name"] for stop in stops if stop["isCovered"]] == []


def test_the_keyboard_leads_from_the_home_page_to_the_message(page: Page, portal):
    page.goto(portal.page("en"))
    for _stop in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED)["path"] == "/en/inquiry/":
            break
    page.keyboard.press("Enter")

    expect(page).to_have_url(portal.page("en", "inquiry/"))
    for _stop in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "name":
            break
    page.keyboard.type("Ada Example")
    page.keyboard.press("Tab")
    page.keyboard.type("ada@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("Germ")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("We look for land.")

    expect(page.locator("[name=name]")).to_have_value("Ada Example")
    expect(page.locator("[name=country]")).to_have_value("DE")
    expect(page.locator("[name=subject]")).not_to_have_value("")
    expect(page.locator("[name=message]")).to_have_value("We look for land.")


def test_without_scripts_menu_filter_language_and_search_work(new_context, portal):
    context = new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="en-GB"
    )
    page = context.new_page()
    page.goto(portal.page("en"))

    page.locator(".site-header__fold summary").click()
    page.locator(".site-header__folded").get_by_role("link", name="Parks").click()
    expect(page).to_have_url(portal.page("en", "parks/"))

    page.locator("main select[name=industry]").select_option("electronic-information")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile("/en/parks/.*industry=electronic-information"))
    expect(page.locator("main h2, main h3").first).to_be_visible()

    page.locator(".site-header__fold summary").click()
    page.locator(".site-header__folded").get_by_role("link", name="简体中文").click()
    expect(page).to_have_url(re.compile(r"/zh-hans/parks/\?.*electronic-information"))

    page.locator(".site-header__fold summary").click()
    page.locator(".site-header__folded [type=search]").fill("本田")
    page.locator(".site-header__folded [type=search]").press("Enter")
    expect(page.locator("main")).to_contain_text("本田")
    page.locator("main a[href*='/projects/']").first.click()
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("kind", ["home", "park", "project-list", "statistics", "post"])
def test_paper_has_the_content_and_no_navigation(page: Page, portal, kind):
    page.goto(portal.page("en", PAGES[kind]))

    page.emulate_media(media="print")

    expect(page.locator("h1")).to_be_visible()
    for hidden in (".site-header nav", ".skip-link", "[type=search]", ".languages", ".button"):
        for place in page.locator(hidden).all():
            expect(place).to_be_hidden()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground in {"rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
