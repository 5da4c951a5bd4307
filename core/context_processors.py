"""Names every template may use."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.models import SiteSettings


def site(request: HttpRequest) -> dict[str, object]:
    """``site``: the portal's identity. One query, and only in templates that use it."""
    return {"site": SimpleLazyObject(SiteSettings.current), "LANGUAGES": settings.LANGUAGES}
