"""Compressed text, where no proxy does it."""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

COMPRESSED_TYPES = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/atom+xml",
    "application/xml",
    "application/geo+json",
    "image/svg+xml",
)


class CompressTextMiddleware(GZipMiddleware):
    """gzip for pages, feeds and data; pictures and documents are compressed already.

    Against guessing secrets by the compressed length (BREACH), Django pads each answer by a
    random number of bytes and masks the CSRF token anew in each.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        content_type = response.headers.get("Content-Type", "")
        if response.streaming or not content_type.startswith(COMPRESSED_TYPES):
            return response
        return super().process_response(request, response)
