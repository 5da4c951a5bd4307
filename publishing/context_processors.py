"""Names every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from publishing.stored_pages import visitor_site


def site(request: HttpRequest) -> dict[str, object]:
    """``site``: the portal's identity. At most two queries, and only in templates that use it."""
    return {
        "site": SimpleLazyObject(lambda: visitor_site(request)),
        "LANGUAGES": settings.LANGUAGES,
    }
