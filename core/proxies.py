"""The visitor's address when a proxy stands in front of the application."""

import contextlib
import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse


class ForwardedAddressMiddleware:
    """Puts the address that the proxy saw into ``REMOTE_ADDR``, for throttles and logs.

    Only with ``BEHIND_PROXY``, and only the last entry of ``X-Forwarded-For``: the proxy wrote
    that one; everything before it may have been made up by the visitor.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.BEHIND_PROXY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        # Without a proxy in the way (a health check, say) the connection's own address stands.
        with contextlib.suppress(ValueError):
            request.META["REMOTE_ADDR"] = str(ipaddress.ip_address(forwarded))
        return self.get_response(request)
