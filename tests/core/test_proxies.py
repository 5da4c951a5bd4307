"""The visitor's address is believed only from the proxy in front."""

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import RequestFactory

from core.proxies import ForwardedAddressMiddleware


def seen(**headers: str) -> str:
    """The address that code behind the middleware sees."""
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers=headers)
    ForwardedAddressMiddleware(lambda request: HttpResponse())(request)
    return request.META["REMOTE_ADDR"]


@pytest.fixture
def proxied(settings):
    settings.BEHIND_PROXY = True


@pytest.mark.usefixtures("proxied")
@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::1"),
        ("", "127.0.0.1"),
        ("unknown", "127.0.0.1"),
        ("203.0.113.9, ", "127.0.0.1"),
        ("<script>", "127.0.0.1"),
    ],
)
def test_the_last_entry_counts_and_must_be_an_address(header, address):
    assert seen(**{"x-forwarded-for": header}) == address


def test_without_a_proxy_the_header_is_not_even_looked_at(settings):
    settings.BEHIND_PROXY = False
    with pytest.raises(MiddlewareNotUsed):
        ForwardedAddressMiddleware(lambda request: HttpResponse())
