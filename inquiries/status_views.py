"""The inquirer's own pages: where the inquiry stands, and what they can do. Never stored."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.form_guard import guarded_page, render_guarded
from core.models import SiteSettings
from inquiries import status_page
from inquiries.models import Inquiry
from inquiries.presentation import details, local_day
from inquiries.receipts import SeeOther, own_page
from inquiries.status_forms import LookupForm

NOT_FOUND = 404
Page = Callable[..., HttpResponse]


@guarded_page
def status(request: HttpRequest) -> HttpResponse:
    """Where the inquiry stands at ``?r=<secret>``; without a secret, the way in.

    A secret that opens nothing (mistyped, replaced, erased) gets the way in with 404.
    """
    secret = request.GET.get("r", "")
    inquiry = status_page.find_by_secret(secret)
    if inquiry is None or request.method == "POST":
        return _way_in(request, is_unknown=bool(secret) and request.method != "POST")
    return keep_private(_status(request, inquiry), referrer="no-referrer")


def for_inquirer(view: Page) -> Page:
    """For views of one inquiry: ``?r=<secret>``, else the way in with 404.

    Give it the outermost place but for ``guarded_page``.
    """

    @wraps(view)
    def found(request: HttpRequest) -> HttpResponse:
        inquiry = status_page.find_by_secret(request.GET.get("r", ""))
        if inquiry is None:
            return _way_in(request, is_unknown=True, is_bound=False)
        return keep_private(view(request, inquiry))

    return found


def keep_private(response: HttpResponse, *, referrer: str = "strict-origin") -> HttpResponse:
    """Not for search engines, and no other host learns the address.

    A page with a form must tell our own host its origin: without one the form counts as forged.
    """
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = referrer
    return response


def _way_in(request: HttpRequest, *, is_unknown: bool, is_bound: bool = True) -> HttpResponse:
    data = request.POST if is_bound and request.method == "POST" else None
    form = LookupForm(data, request=request)
    if data is not None and form.is_valid() and form.inquiry:
        return SeeOther(status_page.status_address(form.inquiry))
    page = {
        "meta": own_page(_("Where your inquiry stands")),
        "is_unknown": is_unknown,
        "officer": SiteSettings.current().contact,
        "form_address": reverse("inquiries:status"),
    }
    response = render_guarded(request, "inquiries/status_lookup.html", page, form=form)
    if is_unknown:
        response.status_code = NOT_FOUND
    return keep_private(response)


def _status(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    site = SiteSettings.current()
    events = status_page.public_events(inquiry)
    page: dict[str, Any] = {
        "meta": own_page(_("Where your inquiry stands")),
        "site": site,
        "inquiry": inquiry,
        "stage": status_page.stage_of(inquiry),
        "next": status_page.next_step(inquiry, events),
        "due": local_day(inquiry.due_at),
        "officer": inquiry.officer or site.contact,
        "timeline": status_page.timeline(inquiry, events),
        "promised": status_page.promised_points(inquiry),
        "replies": inquiry.replies.exclude(sent_at=None),
        "details": details(inquiry),
    }
    return render(request, "inquiries/status.html", page)
