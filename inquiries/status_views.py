"""The inquirer's own pages: where the inquiry stands, and what they can do. Never stored."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from core.form_guard import guarded_page, guarded_upload_page, render_guarded
from core.models import SiteSettings
from inquiries import additions, status_page
from inquiries.choices import Kind, Purpose
from inquiries.models import DataRequest, Inquiry
from inquiries.presentation import details, local_day
from inquiries.receipts import SeeOther, own_page
from inquiries.status_forms import AddForm, DataForm, LookupForm, RateForm

#: Bytes of one sending with all its files: 20 MB and some words.
MOST_BODY = 21 * 1024 * 1024
NOT_FOUND = 404
Page = Callable[..., HttpResponse]


def for_inquirer(view: Page) -> Page:
    """For views of one inquiry: ``?r=<secret>``, else the way in with 404.

    The outermost decorator: whoever has no secret is not read.
    """

    @never_cache
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


@for_inquirer
@guarded_upload_page(MOST_BODY)
def add(request: HttpRequest, inquiry: Inquiry, *, is_too_heavy: bool) -> HttpResponse:
    """Add words or files. A body that is too heavy is refused unread, with words."""
    is_sent = request.method == "POST" and not is_too_heavy
    form = AddForm(
        *((request.POST, request.FILES) if is_sent else ()),
        request=request,
        places=additions.free_places(inquiry),
    )
    if is_sent and form.is_valid():
        with form.storing():
            text = form.cleaned_data["text"]
            additions.add_information(inquiry, text, form.checked, key=form.submission_key)
            return _done(inquiry, "added")
    if is_too_heavy:
        form.status_code = 413
    page = _form_page(_("Add to your inquiry"), inquiry) | {"is_too_heavy": is_too_heavy}
    return render_guarded(request, "inquiries/status_add.html", page, form=form)


@for_inquirer
@guarded_page
def rate(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """Rate the answer, once there is one, and once."""
    if not status_page.can_be_rated(inquiry):
        return _done(inquiry, "rated" if inquiry.rating else "")
    form = RateForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        with form.storing():
            additions.rate(inquiry, form.cleaned_data["rating"], form.cleaned_data["text"])
            return _done(inquiry, "rated")
    page = _form_page(_("Rate our answer"), inquiry)
    return render_guarded(request, "inquiries/status_rate.html", page, form=form)


@for_inquirer
@guarded_page
def data(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    """Ask for a copy of one's data or for their erasure; withdraw the consent."""
    form = DataForm(
        request.POST if request.method == "POST" else None,
        request=request,
        has_news=inquiry.consents.filter(purpose=Purpose.NEWS, withdrawn_at=None).exists(),
    )
    if request.method == "POST" and form.is_valid():
        with form.storing():
            return _fulfil(inquiry, form)
    page = _form_page(_("Your data"), inquiry)
    return render_guarded(request, "inquiries/status_data.html", page, form=form)


def _fulfil(inquiry: Inquiry, form: DataForm) -> HttpResponse:
    wish = form.cleaned_data["wish"]
    if wish == DataForm.WITHDRAWAL:
        additions.withdraw(inquiry)
        return SeeOther(f"{reverse('inquiries:status')}?withdrawn=1")
    if wish == DataForm.NEWS:
        additions.stop_news(inquiry)
        return _done(inquiry, "news")
    kinds = {DataForm.COPY: DataRequest.Kind.EXPORT, DataForm.ERASURE: DataRequest.Kind.ERASURE}
    additions.request_data(inquiry, kinds[wish], form.wish_words)
    return _done(inquiry, "asked")


def _done(inquiry: Inquiry, what: str) -> HttpResponse:
    """Back to where the inquiry stands, with a line that says what was done."""
    address = status_page.status_address(inquiry)
    return SeeOther(f"{address}&done={what}" if what else address)


def _form_page(title: str, inquiry: Inquiry) -> dict[str, Any]:
    return {
        "meta": own_page(title),
        "inquiry": inquiry,
        "status_address": status_page.status_address(inquiry),
    }


def _way_in(request: HttpRequest, *, is_unknown: bool, is_bound: bool = True) -> HttpResponse:
    data = request.POST if is_bound and request.method == "POST" else None
    form = LookupForm(data, request=request)
    if data is not None and form.is_valid() and form.inquiry:
        return SeeOther(status_page.status_address(form.inquiry))
    page = {
        "meta": own_page(_("Where your inquiry stands")),
        "is_withdrawn": request.method != "POST" and "withdrawn" in request.GET,
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
    promised = status_page.promised_points(inquiry)
    events = status_page.public_events(inquiry)
    is_report = inquiry.kind == Kind.REPORT
    title = _("Where your report stands") if is_report else _("Where your inquiry stands")
    page: dict[str, Any] = {
        "meta": own_page(title),
        "site": site,
        "inquiry": inquiry,
        "stage": status_page.stage_of(inquiry),
        "next": status_page.next_step(inquiry, events, promised),
        "due": local_day(inquiry.due_at),
        "officer": inquiry.officer or site.contact,
        "timeline": status_page.timeline(inquiry, events),
        "promised": promised,
        "answers": status_page.answers(inquiry),
        "details": details(inquiry),
        "files": inquiry.files.filter(is_from_inquirer=True),
        "done": request.GET.get("done", ""),
        "can_be_rated": status_page.can_be_rated(inquiry),
        "add_address": status_page.private_address("status_add", inquiry),
        "rate_address": status_page.private_address("status_rate", inquiry),
        "data_address": status_page.private_address("status_data", inquiry),
    }
    return render(request, "inquiries/status.html", page)
