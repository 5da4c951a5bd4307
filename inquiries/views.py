"""The two public pages of inquiries: the form and the receipt. Neither is ever stored."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.form_guard import guarded_page, render_guarded
from core.languages import current_language
from core.models import SiteSettings
from core.rate_limit import client_network
from inquiries import consent
from inquiries.choices import Kind
from inquiries.forms import InquiryForm
from inquiries.presentation import details, local_day
from inquiries.receipts import SeeOther, came_from, own_page
from inquiries.services import find_context, find_submission, submit_inquiry
from inquiries.status_page import find_by_secret, status_address
from publishing.stored_pages import visitor_site


@guarded_page
def inquiry_create(request: HttpRequest) -> HttpResponse:
    """The form. ``?park=…&project=…&industry=…`` says what it is about."""
    context = find_context(request.GET)
    site = visitor_site(request)
    form = InquiryForm(
        request.POST if request.method == "POST" else None,
        request=request,
        context=context,
        page=came_from(request),
    )
    if request.method == "POST":
        if form.is_valid():
            with form.storing():
                inquiry = submit_inquiry(
                    form.answers(),
                    context,
                    site=site,
                    key=form.submission_key,
                    language=current_language(),
                    page=form.cleaned_data["page"],
                    address=client_network(request),
                    suspicion=form.suspicion,
                )
                return SeeOther(inquiry.get_absolute_url())
        # Whatever it is refused for: what was sent once has its receipt.
        if earlier := find_submission(form.submission_key):
            return SeeOther(earlier.get_absolute_url())
    page = {
        "meta": own_page(_("Send an inquiry")),
        "site": site,
        "about": context,
        "officer": context.desk or site.contact,
    }
    return render_guarded(request, "inquiries/inquiry_form.html", page, form=form)


@require_safe
@never_cache
def inquiry_thanks(request: HttpRequest) -> HttpResponse:
    """The receipt at ``?r=<secret>``; everything else is not found.

    The secret stands in the query, because logs keep addresses without it.
    """
    inquiry = find_by_secret(request.GET.get("r", ""))
    if inquiry is None:
        raise Http404("There is no such receipt.")
    is_report = inquiry.kind == Kind.REPORT
    site = SiteSettings.current()
    response = render(
        request,
        "inquiries/inquiry_thanks.html",
        {
            "meta": own_page(
                _("Your report has arrived") if is_report else _("Your inquiry has arrived")
            ),
            "days": Kind(inquiry.kind).answer_days(site.response_days),
            "site": site,
            "inquiry": inquiry,
            "status_address": status_address(inquiry),
            "details": details(inquiry),
            "due": local_day(inquiry.due_at),
            "received": local_day(inquiry.created_at),
            "officer": inquiry.officer or site.contact,
            "consent": consent.consent_text(inquiry.consent_version, inquiry.consent_language),
        },
    )
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
