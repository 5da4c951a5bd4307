"""What the law asks for, of one inquiry: consents, who looked, copies handed out, erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from inquiries.choices import Kind, Status
from inquiries.desk.pages import desk_page, render_desk, visible_inquiry
from inquiries.models import DataRequest, Inquiry
from inquiries.privacy import erase, hand_out
from inquiries.retention import QUARANTINE_MONTHS, months_before, months_kept

TEMPLATE = "inquiries/desk/privacy.html"
MOST_LOOKS = 50


class ErasureForm(forms.Form):
    """Nobody erases by a slip: the reference has to be typed."""

    reference = forms.CharField(
        label=gettext_lazy("Reference, to confirm"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "vTextField"}),
    )
    is_by_inquirer = forms.BooleanField(
        label=gettext_lazy("The inquirer asked for it"), required=False, initial=True
    )

    def __init__(self, *args: Any, inquiry: Inquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inquiry = inquiry

    def clean_reference(self) -> str:
        typed = self.cleaned_data["reference"].strip().upper()
        if typed != self.inquiry.reference:
            raise forms.ValidationError(_("This is not the reference of this inquiry."))
        return typed


@desk_page("view_inquiry")
@require_safe
def privacy_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Consents, looks and requests of an inquiry."""
    inquiry = visible_inquiry(request, pk)
    return _page(request, inquiry, ErasureForm(inquiry=inquiry))


@desk_page("view_inquiry", "erase_inquiry")
@require_POST
def copy_of_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything held about the sender, as a download."""
    inquiry = visible_inquiry(request, pk)
    content = hand_out(inquiry, request.user, is_by_inquirer=True)
    return HttpResponse(
        content,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{inquiry.reference}.zip"'},
    )


@desk_page("view_inquiry", "erase_inquiry")
@require_POST
def erase_inquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase, if the reference was typed rightly."""
    inquiry = visible_inquiry(request, pk)
    form = ErasureForm(request.POST, inquiry=inquiry)
    if not form.is_valid():
        return _page(request, inquiry, form, status=422)
    erase(
        inquiry,
        request.user,
        DataRequest.Kind.ERASURE,
        is_by_inquirer=form.cleaned_data["is_by_inquirer"],
    )
    words = _("The personal data of %(reference)s is erased.") % {"reference": inquiry.reference}
    messages.success(request, words)
    return HttpResponseRedirect(reverse("admin:inquiries_privacy", args=[inquiry.pk]))


def _page(
    request: HttpRequest, inquiry: Inquiry, form: ErasureForm, *, status: int = 200
) -> HttpResponse:
    others = Inquiry.objects.none()
    if inquiry.email:
        others = (
            Inquiry.objects.visible_to(request.user)
            .filter(email__iexact=inquiry.email)
            .exclude(pk=inquiry.pk)
        )
    looks = list(inquiry.looks.select_related("user")[: MOST_LOOKS + 1])
    context = {
        "inquiry": inquiry,
        "consents": inquiry.consents.all(),
        "looks": looks[:MOST_LOOKS],
        "has_more_looks": len(looks) > MOST_LOOKS,
        "requests": inquiry.data_requests.select_related("done_by"),
        "others": others,
        "kept_until": kept_until(inquiry),
        "may_erase": request.user.has_perm("inquiries.erase_inquiry"),
        "form": form,
    }
    title = _("Personal data of %(reference)s") % {"reference": inquiry.reference}
    return render_desk(request, TEMPLATE, title, context, status=status)


def kept_until(inquiry: Inquiry) -> datetime:
    """When the purge erases it, if nothing happens until then."""
    is_spam = inquiry.status == Status.SPAM
    months = QUARANTINE_MONTHS if is_spam else months_kept()[Kind(inquiry.kind)]
    return months_before(timezone.localtime(inquiry.last_event_at), -months)
