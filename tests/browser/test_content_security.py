"""Pages load nothing from elsewhere and run nothing inline; and the watch on that is awake."""

import pytest
from playwright.sync_api import Page

from tests.browser.addresses import LANGUAGES, PAGES, STATUS


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_kind_of_page_breaks_the_policy(page: Page, portal, misdeeds, language):
    """The fixture ``misdeeds`` asserts; pictures load when they are scrolled to."""
    for kind, path in PAGES.items():
        response = page.goto(portal.page(language, path))

        assert response.status == STATUS.get(kind, 200), kind
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy, kind
        assert "unsafe" not in policy, kind
        assert "set-cookie" not in response.headers or kind in {
            "inquiry",
            "inquiry-about-a-park",
            "question-form",
        }, kind
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.wait_for_load_state("networkidle")
        assert misdeeds.errors == [], kind
        assert misdeeds.foreign_requests == [], kind
        assert misdeeds.failed_requests == [], kind


def test_the_watch_sees_inline_code_foreign_hosts_and_missing_files(page: Page, portal, misdeeds):
    address = portal.page("en", "contact/")
    planted = (
        "<script>1</script><p style='color:red'>x</p><img src='/static/none.png' alt=''>"
        "<script src='https://cdn.example.org/x.js'></script></body>"
    )

    def plant(route) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("</body>", planted))

    page.route(address, plant)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    # The policy stops a script of another host before it is asked for; a picture of ours is not.
    page.evaluate("fetch('http://127.0.0.2:1/').catch(() => {})")

    errors = "\n".join(misdeeds.errors)
    assert "script-src" in errors
    assert "style-src" in errors
    assert "cdn.example.org" in errors
    assert [line.partition(" ")[0] for line in misdeeds.failed_requests] == ["404"]
    misdeeds.forget()
