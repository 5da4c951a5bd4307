"""Public pages keep the strict policy; the desk's is wider by what it needs, and by no more."""

import pytest

from tests.staff.people import member

pytestmark = pytest.mark.django_db


def policy(response) -> dict[str, list[str]]:
    directives = response["Content-Security-Policy"].split("; ")
    return {name: values for name, *values in (line.split() for line in directives)}


def test_a_public_page_allows_its_own_files_only(client):
    found = policy(client.get("/en/nothing-here/"))

    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == found["style-src"] == ["'self'"]


def test_the_desk_allows_no_inline_code_without_the_nonce_of_the_page(client):
    client.force_login(member("Publisher"), "staff.backends.StaffBackend")

    pages = [client.get("/admin/news/post/add/") for _time in range(2)]

    nonces = [policy(page)["script-src"][1] for page in pages]
    assert nonces[0] != nonces[1]
    for page, nonce in zip(pages, nonces, strict=True):
        assert f'nonce="{nonce[7:-1]}"' in page.content.decode()
        assert not any("unsafe" in value for values in policy(page).values() for value in values)


def test_pages_of_the_desk_without_the_editor_have_no_nonce(client):
    assert policy(client.get("/accounts/login/"))["script-src"] == ["'self'"]


@pytest.mark.parametrize("address", ["/en/", "/accounts/login/", "/en/nothing-here/"])
def test_no_other_site_pulls_a_page_into_its_memory(client, address):
    assert client.get(address)["Cross-Origin-Resource-Policy"] == "same-origin"


def test_feeds_and_pictures_may_be_shown_elsewhere(client):
    assert "Cross-Origin-Resource-Policy" not in client.get("/en/news/feed/")
