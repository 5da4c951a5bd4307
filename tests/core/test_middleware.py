"""Public addresses and those of the staff; the language of a page; what is refused at the door."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from core.middleware import (
    LanguageMiddleware,
    RefuseBrokenRequestsMiddleware,
    StaffAuthenticationMiddleware,
    StaffMessageMiddleware,
    StaffSessionMiddleware,
    is_staff_address,
)

STAFF_ONLY = (StaffSessionMiddleware, StaffAuthenticationMiddleware, StaffMessageMiddleware)


def answer(request) -> HttpResponse:
    return HttpResponse(translation.get_language())


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin", "/accounts/login/", "/accounts", "/admin/parks/park/"]
)
def test_desk_and_accounts_are_staff_addresses(path):
    assert is_staff_address(path)


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/en/admin/", "/administration/", "/accountsx/", "/zh-hans/parks/"]
)
def test_all_others_are_public(path):
    assert not is_staff_address(path)


@pytest.mark.parametrize("path", ["/", "/en/", "/en/admin/", "/robots.txt", "/administration/"])
def test_a_public_request_has_neither_session_nor_user_nor_messages(path):
    seen = []

    def remember(request):
        seen.append(request)
        return HttpResponse()

    chain = remember
    for middleware in reversed(STAFF_ONLY):
        chain = middleware(chain)
    response = chain(RequestFactory().get(path))

    assert not any(hasattr(seen[0], name) for name in ("session", "user", "_messages"))
    assert not response.has_header("Vary")
    assert not response.cookies


def test_a_request_to_the_desk_has_all_three():
    seen = []

    def remember(request):
        seen.append(request)
        return HttpResponse()

    chain = remember
    for middleware in reversed(STAFF_ONLY):
        chain = middleware(chain)
    chain(RequestFactory().get("/admin/"))

    assert all(hasattr(seen[0], name) for name in ("session", "user", "_messages"))


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_the_address_decides_the_language(language):
    request = RequestFactory(headers={"accept-language": "en"}).get(f"/{language}/parks/")
    response = LanguageMiddleware(answer)(request)

    assert response.content.decode() == request.LANGUAGE_CODE == language
    assert response.headers["Content-Language"] == language


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh-TW,zh;q=0.9", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("de, en;q=0.5", "en"),
        ("de", "en"),
        ("", "en"),
        ("\x01;;q=x,,", "en"),
    ],
)
def test_elsewhere_the_browser_decides(wanted, language):
    request = RequestFactory(headers={"accept-language": wanted}).get("/nothing-here")

    assert LanguageMiddleware(answer)(request).content.decode() == language


def test_the_language_ends_with_the_request():
    before = translation.get_language()
    LanguageMiddleware(answer)(RequestFactory().get("/zh-hant/"))

    assert translation.get_language() == before


def test_a_public_page_does_not_look_at_the_language_cookie():
    request = RequestFactory().get("/en/")
    request.COOKIES["django_language"] = "zh-hant"
    response = LanguageMiddleware(answer)(request)

    assert response.content == b"en"
    assert not response.has_header("Vary")


@pytest.mark.parametrize("address", ["/en/parks/?q=%00", "/en/parks/?q=a%00b&page=2"])
def test_a_nul_byte_in_the_query_is_a_bad_request(address):
    response = RefuseBrokenRequestsMiddleware(answer)(RequestFactory().get(address))

    assert response.status_code == 400


def test_a_nul_byte_that_no_browser_would_send_bare_is_a_bad_request():
    """Servers differ in what they let through; PostgreSQL would raise."""
    request = RequestFactory().get("/en/inquiry/status/")
    request.META["QUERY_STRING"] = "r=a\0b"

    assert RefuseBrokenRequestsMiddleware(answer)(request).status_code == 400


def test_a_nul_byte_in_the_path_is_a_bad_request():
    request = RequestFactory().get("/en/parks/")
    request.path_info = "/en/parks/\0/"

    assert RefuseBrokenRequestsMiddleware(answer)(request).status_code == 400


def test_a_number_with_zeros_is_no_nul_byte():
    response = RefuseBrokenRequestsMiddleware(answer)(RequestFactory().get("/en/?q=100%25+000"))

    assert response.status_code == 200


def test_far_too_many_parameters_are_a_bad_request(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    refuse = RefuseBrokenRequestsMiddleware(answer)

    assert refuse(RequestFactory().get("/en/?a=1&b=2&c=3")).status_code == 200
    assert refuse(RequestFactory().get("/en/?a=1&b=2&c=3&d=4")).status_code == 400


@pytest.mark.parametrize("length", ["abc", "-5", "0x10", "1 2", "1e3", "٣"])
def test_a_length_that_is_no_number_is_a_bad_request(length):
    request = RequestFactory().post("/en/inquiry/", CONTENT_LENGTH=length)

    assert RefuseBrokenRequestsMiddleware(answer)(request).status_code == 400
