"""An id for each request that reaches Django, its line in the log, and its place in the figures.

Pages that the page cache answers never come here: the proxy in front knows of them.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.log_context import current_request
from core.metrics import metrics

logger = logging.getLogger(__name__)

HEADER = "X-Request-ID"
#: Of a proxy; anything else is replaced, because it goes into log lines.
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLogMiddleware:
    """Comes first, so that the lines of all others carry the id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        name = request_id(request)
        # Until the request is over for good: Django's own line about an error comes after this.
        current_request.set(name)
        response = self.get_response(request)
        response.headers[HEADER] = name
        seconds = time.perf_counter() - begun
        route = route_name(request)
        metrics.count_request(request.method or "", route, response.status_code, seconds)
        if settings.ACCESS_LOG:
            log_request(request, route, response, seconds)
        return response


def request_id(request: HttpRequest) -> str:
    """The proxy's, if there is a proxy and its id is well-formed; else a new one."""
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if settings.BEHIND_PROXY and WELL_FORMED.fullmatch(given):
        return given
    return secrets.token_hex(8)


def route_name(request: HttpRequest) -> str:
    """``parks:detail``: the name of the address, never the address. ``none`` if there is none."""
    match = request.resolver_match
    return (match.view_name if match else "") or "none"


def log_request(request: HttpRequest, route: str, response: HttpResponse, seconds: float) -> None:
    """One line: what, how it ended, how long, how much. Nothing of the visitor."""
    size = 0 if response.streaming else len(response.content)
    milliseconds = round(seconds * 1000, 1)
    logger.info(
        "%s %s %s %s ms %s bytes",
        *(request.method, route, response.status_code, milliseconds, size),
        extra={
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "ms": milliseconds,
            "bytes": size,
        },
    )
