"""Keeps requests in strange encodings away from Django, which would raise before any middleware.

Django decodes form and query with whatever codec of Python the visitor names in ``Content-Type``:
"rot13" and "undefined" are such, and are errors in the constructor of the request, where no
handler of errors stands. Browsers send UTF-8.
"""

from __future__ import annotations

from codecs import lookup
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.http import parse_header_parameters

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

#: Names of Python's codecs that a form may be in.
TEXT_ENCODINGS = frozenset({"utf-8", "ascii"})
BAD_REQUEST = b"Bad request"


def is_readable(content_type: str) -> bool:
    """Whether Django can read a request of this type. A charset that nobody knows is none."""
    try:
        _kind, parameters = parse_header_parameters(content_type)
    except (LookupError, ValueError):
        return False
    try:
        name = lookup(parameters.get("charset", "utf-8")).name
    except LookupError:
        return True
    except ValueError:
        return False
    return name in TEXT_ENCODINGS


def refuse_other_encodings(application: Application) -> Application:
    """``application`` with an answer of 400 in front for what is not readable."""

    def refusing(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        content_type = environ.get("CONTENT_TYPE")
        if content_type and not is_readable(content_type):
            size = str(len(BAD_REQUEST))
            start_response(
                "400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", size)]
            )
            return [BAD_REQUEST]
        return application(environ, start_response)

    return refusing
