"""What the pages behind a sent form share."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from publishing.pages import PageMeta, Step


class SeeOther(HttpResponseRedirect):
    """303: go there with GET, whatever brought you here."""

    status_code = 303


def own_page(title: str) -> PageMeta:
    """Head of a page that is one step from the home page."""
    return PageMeta(title, trail=[Step(_("Home"), reverse("portal:home")), Step(title)])
