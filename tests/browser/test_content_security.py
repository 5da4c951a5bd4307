"""The watch on what pages load from elsewhere and run inline is awake."""

from playwright.sync_api import Page


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
