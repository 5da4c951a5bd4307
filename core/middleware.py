"""Middleware that knows two kinds of addresses: public ones and those of the staff.

Public pages are the same for everyone, so that one stored copy can serve everyone. They run no
session, authentication or message code at all: these are bound to the staff addresses.
"""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import translation

from core import read_only
from core.addresses import language_of

GetResponse = Callable[[HttpRequest], HttpResponse]

STAFF_ADDRESSES = ("/admin/", "/accounts/")


def is_staff_address(path: str) -> bool:
    """Whether ``path`` belongs to the desk rather than to the public portal."""
    return path.startswith(STAFF_ADDRESSES) or path in {"/admin", "/accounts"}


class StaffAddressesOnly:
    """Mixin before a middleware class: every other address passes by untouched."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_staff_address(request.path_info):
            return super().__call__(request)
        return self.get_response(request)


class StaffSessionMiddleware(StaffAddressesOnly, SessionMiddleware):
    """Sessions for staff. During maintenance they are read and not written."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if read_only.is_on():
            # "Last seen" must not cost an officer the page that he only reads.
            request.session.modified = False
        return super().process_response(request, response)


class StaffAuthenticationMiddleware(StaffAddressesOnly, AuthenticationMiddleware):
    """``request.user`` for staff."""


class StaffMessageMiddleware(StaffAddressesOnly, MessageMiddleware):
    """One-off messages for staff."""


class RefuseBrokenRequestsMiddleware:
    """Answers 400 to requests on which Django or PostgreSQL would raise.

    NUL bytes in address or query, more parameters than may be read, a length that is no number.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_broken(request):
            return HttpResponseBadRequest(b"Bad request", content_type="text/plain")
        return self.get_response(request)


def is_broken(request: HttpRequest) -> bool:
    """Looks at headers and address alone; reads nothing of the body and parses no query."""
    query = request.META.get("QUERY_STRING", "")
    if "\0" in request.path_info + query or "%00" in query:
        return True
    if query.count("&") >= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:
        return True
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not (length.isascii() and length.isdecimal())


class NoUnaskedCookieMiddleware:
    """Stands behind Django's CSRF check, which answers a broken cookie with a new one on any page.

    A new one is made where a form asks for it; a page without a form sets none.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", False):
            del request.META["CSRF_COOKIE"]
        return self.get_response(request)


class LanguageMiddleware:
    """Language from the address; elsewhere (desk, errors) from the visitor's preference.

    Django's own middleware also reads the cookie and adds ``Vary`` on public pages.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        if language is None:
            language = translation.get_language_from_request(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
