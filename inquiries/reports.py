"""Reporting an error on a page: a short form at the foot of every page, answered in three days."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.form_guard import guarded_page, render_guarded
from core.languages import current_language
from core.rate_limit import client_network
from inquiries.choices import Kind, Subject
from inquiries.forms import ConsentForm, LineField, TextField, attributes
from inquiries.models import MESSAGE_LENGTH
from inquiries.receipts import SeeOther, came_from, own_page
from inquiries.services import InquiryContext, find_submission, submit_inquiry
from publishing.stored_pages import visitor_site

FIGURE_LENGTH = 200


class ReportForm(ConsentForm):
    """Where the error is, and what is wrong. An address only for who wants to be told."""

    page = LineField(
        label=gettext_lazy("Page"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("The address of the page, for example /en/parks/."),
        widget=forms.TextInput(attributes(autocomplete="off", inputmode="url")),
    )
    figure = LineField(
        label=gettext_lazy("Figure or sentence"),
        required=False,
        max_length=FIGURE_LENGTH,
        help_text=gettext_lazy("As it stands there, for example “Planned area: 76 km²”."),
        error_messages={
            "max_length": gettext_lazy("Shorten it to %(limit_value)d characters."),
        },
    )
    message = TextField(
        label=gettext_lazy("What is wrong?"),
        max_length=MESSAGE_LENGTH,
        help_text=gettext_lazy("If you know a source for the right figure, please name it."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": gettext_lazy("Write what is wrong."),
            "max_length": gettext_lazy(
                "Shorten it to %(limit_value)d characters; it has %(show_value)d."
            ),
        },
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("If you give one, receipt and answer go there."),
        widget=forms.EmailInput(attributes(autocomplete="email", inputmode="email")),
        error_messages={
            "invalid": gettext_lazy("Write an e-mail address such as name@example.com."),
            "max_length": gettext_lazy("Write an address of at most %(limit_value)d characters."),
        },
    )

    def clean_page(self) -> str:
        """The path alone; of a whole address the host and the query are left out."""
        try:
            return urlsplit(self.cleaned_data["page"]).path[:200]
        except ValueError:
            return ""

    def answers(self) -> dict[str, Any]:
        """Cleaned answers under the names of the model's fields."""
        given = {name: self.cleaned_data[name] for name in ("figure", "message", "email")}
        return given | {
            "kind": Kind.REPORT,
            "subject": Subject.OTHER,
            "name": "",
            "country": "",
        }


def figure_of(request: HttpRequest) -> str:
    """The figure that the link of its source note names (``?figure=…``), as one line."""
    words = " ".join(request.GET.get("figure", "").split())
    return "".join(letter for letter in words if letter.isprintable())[:FIGURE_LENGTH]


@guarded_page
def report_error(request: HttpRequest) -> HttpResponse:
    """The form. Page and figure from which the visitor came are filled in."""
    site = visitor_site(request)
    form = ReportForm(
        request.POST if request.method == "POST" else None,
        request=request,
        initial={"page": came_from(request), "figure": figure_of(request)},
    )
    if request.method == "POST":
        if form.is_valid():
            with form.storing():
                report = submit_inquiry(
                    form.answers(),
                    InquiryContext(),
                    site=site,
                    key=form.submission_key,
                    language=current_language(),
                    page=form.cleaned_data["page"],
                    address=client_network(request),
                    suspicion=form.suspicion,
                )
                return SeeOther(report.get_absolute_url())
        # Whatever it is refused for: what was sent once has its receipt.
        if earlier := find_submission(form.submission_key):
            return SeeOther(earlier.get_absolute_url())
    page = {
        "meta": own_page(_("Report an error")),
        "days": Kind.REPORT.answer_days(site.response_days),
    }
    response = render_guarded(request, "inquiries/report_form.html", page, form=form)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
