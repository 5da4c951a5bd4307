"""Every kind of public page in every language, visited once for all that a visit can tell."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import violations
from tests.browser.addresses import LANGUAGES, PAGES, STATUS

#: Kinds of page with a form that is guarded by a cookie.
WITH_A_COOKIE = {"inquiry", "inquiry-about-a-park", "question-form"}
#: CSS pixels. A window of 1280 at 200 % zoom is 640 wide; 320 is a small phone, or 400 % zoom.
WIDTHS = (320, 360, 640, 768, 1440)

#: Elements that stick out of the window, without those in a box that scrolls by itself.
STICKING_OUT = """
() => {
  const wide = document.documentElement.clientWidth + 1;
  const scrolls = element => element && element !== document.body && (
    ['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX)
    || scrolls(element.parentElement));
  return [...document.body.querySelectorAll('*')]
    .filter(element => element.getBoundingClientRect().right > wide
      && element.checkVisibility()
      && !element.closest('svg') && !scrolls(element.parentElement))
    .map(element => `${element.tagName}.${element.className}`).slice(0, 5);
}
"""
#: Pictures that cannot be shown. Those further down are not loaded unless one scrolls to them.
BROKEN_PICTURES = """
() => Promise.all([...document.images].map(image => {
  image.loading = 'eager';
  return image.decode().then(() => null, () => image.currentSrc);
})).then(found => found.filter(address => address !== null))
"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_accessible_fits_and_keeps_the_policy(page: Page, portal, kind, language):
    """What the page must not load or run, the watch on every page notes (``misdeeds``)."""
    response = page.goto(portal.page(language, PAGES[kind]))

    assert response.status == STATUS.get(kind, 200)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "set-cookie" not in response.headers or kind in WITH_A_COOKIE
    expect(page.locator("html")).to_have_attribute("lang", LANGUAGES[language])
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate(BROKEN_PICTURES) == []
    assert violations(page) == []
    if language != "zh-hant":  # as wide as 简体
        assert too_narrow(page) == []


def too_narrow(page: Page) -> list[str]:
    """Windows that the page does not fit, with letters of the usual size and of twice the size."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width}: {element}" for element in page.evaluate(STICKING_OUT)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{width}: the page")
    # Letters that some people set larger in the browser instead of zooming.
    page.set_viewport_size({"width": 1280, "height": 800})
    large = {"standard": 32, "fixed": 26}
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": large})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    if page.evaluate("document.documentElement.scrollWidth") > 1280:
        found.append("with large letters: the page")
    return found
