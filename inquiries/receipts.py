"""What the pages behind a sent form share."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from core.addresses import language_of
from publishing.pages import PageMeta, Step


class SeeOther(HttpResponseRedirect):
    """303: go there with GET, whatever brought you here."""

    status_code = 303


def own_page(title: str) -> PageMeta:
    """Head of a page that is one step from the home page."""
    return PageMeta(title, trail=[Step(_("Home"), reverse("portal:home")), Step(title)])


def came_from(request: HttpRequest) -> str:
    """Path of the public page whose link led here, without host and query; else empty."""
    try:
        address = urlsplit(request.headers.get("Referer", "")[:500])
    except ValueError:
        return ""
    is_ours = address.netloc == request.get_host() and language_of(address.path)
    names = ("create", "thanks", "report", "status")
    own = tuple(reverse(f"inquiries:{name}") for name in names)
    return address.path[:200] if is_ours and not address.path.startswith(own) else ""
