"""Pages for what went wrong, in the visitor's language, with a way on."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils import translation
from django.views.defaults import ERROR_500_TEMPLATE_NAME

from core.known_contact import known_contact
from core.languages import current_language
from core.outage import RETRY_AFTER, SOMETHING_AWAY, typed_text
from core.read_only import ReadOnlyMode
from core.stylesheet import stylesheet_address


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself is broken."""
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: this address is not for this visitor."""
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long, or a browser without cookies."""
    return render(request, "403_csrf.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 with search and ways on."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database or the storage of files is away. No query.

    Stands alone, because whatever broke may be needed for the usual frame.
    """
    language = translation.get_language_from_path(request.path_info) or current_language()
    context: dict[str, object] = {"language": language, "stylesheet": stylesheet_address()}
    error = sys.exception()
    if isinstance(error, SOMETHING_AWAY):
        context |= {
            "contact": known_contact(),
            "typed": typed_text(request),
            "is_maintenance": isinstance(error, ReadOnlyMode),
        }
        page = loader.get_template("503.html").render(context)
        return HttpResponse(
            page, status=503, headers={"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
        )
    return HttpResponse(loader.get_template(ERROR_500_TEMPLATE_NAME).render(context), status=500)
