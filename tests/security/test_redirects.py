"""No address of ours leads to somebody else's, however the target is written."""

from urllib.parse import quote, urlsplit

import pytest
from django.test import Client

from tests.staff.people import PASSWORD, member

pytestmark = pytest.mark.django_db

TARGETS = (
    *("//e", "///e", "////e.example/%2f..", "/\\e", "\\\\e", "\\/e", "https:e", "https:/e"),
    *("http:///e", "https://e.example", "HTTPS://E.EXAMPLE", "\t//e", " //e", "\n//e", "/\t/e"),
    *("%09//e", "//e@testserver", "https://testserver@e.example/", "http://testserver:80@e/"),
    *("//testserver.e.example", "javascript:alert(1)", "data:text/html,x", "http://[::1"),
    *("/admin/\r\nLocation: //e", "//%65", "https://testserver.e", "x:y", "/%09/e", "/%5ce"),
)  # fmt: skip


def is_ours(location: str) -> bool:
    """As a browser reads it: backslashes are slashes, and control characters are left out."""
    plain = "".join(letter for letter in location if letter > " ").replace("\\", "/")
    if plain.startswith("//"):
        return False
    parts = urlsplit(plain)
    return not parts.scheme and not parts.netloc


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.force_login(member("Editor"))
    return client


@pytest.mark.parametrize("target", TARGETS)
def test_logging_in_leads_to_our_own_pages(client, target):
    member("Editor")
    sent = {"login": "editor", "password": PASSWORD, "next": target}
    response = client.post(f"/accounts/login/?next={quote(target, safe='')}", sent)
    assert response.status_code == 302
    assert is_ours(response["Location"]), response["Location"]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    "place",
    [
        *("/accounts/login/", "/accounts/logout/", "/accounts/reauthenticate/", "/admin/login/"),
        *("/admin/logout/", "/accounts/language/", "/accounts/2fa/reauthenticate/", "/", "/en"),
    ],
)
def test_no_other_address_leads_away(browser, place, target):
    asked = f"{place}?next={quote(target, safe='')}"
    for response in (
        browser.get(asked),
        browser.post(asked, {"next": target, "language": "en", "password": PASSWORD}),
    ):
        if response.has_header("Location"):
            assert is_ours(response["Location"]), response["Location"]


@pytest.mark.parametrize(
    "path", ["//e.example", "//e.example/..", "/\\e.example", "//e.example/admin", "///e", "/en//e"]
)
def test_a_missing_slash_leads_to_our_own_pages(door, path):
    reply = door.knock(path)
    if reply["Location"]:
        assert is_ours(reply["Location"]), reply["Location"]
