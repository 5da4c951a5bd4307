"""Messages that came in: pasted at an inquiry, or waiting to be filed by hand."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inquiries import inbound
from inquiries.desk.inbound_forms import FileForm, PasteForm
from inquiries.desk.pages import desk_page, render_desk, visible_inquiry
from inquiries.models import InboundMail

PAGE_SIZE = 20


@desk_page("view_inquiry", "add_inboundmail")
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, pk: int) -> HttpResponse:
    """File what an officer pasted in; the form for it stands at the reply desk."""
    inquiry = visible_inquiry(request, pk)
    form = PasteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        inbound.paste_message(inquiry, form.cleaned_data["text"], request.user)
        messages.success(request, _("The message is filed."))
    elif form.is_bound:
        messages.error(request, _("Paste in the message first."))
    return HttpResponseRedirect(f"{reverse('admin:inquiries_reply', args=[inquiry.pk])}#paste")


@desk_page("view_inquiry", "change_inboundmail")
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Mails that no rule could file. Two queries for any number."""
    page = Paginator(inbound.unfiled(request.user), PAGE_SIZE).get_page(request.GET.get("p"))
    waiting = [(mail, _form_for(mail, request)) for mail in page]
    context = {"page": page, "waiting": waiting}
    return render_desk(request, "inquiries/desk/inbox.html", _("Messages to be filed"), context)


def _form_for(mail: InboundMail, request: HttpRequest) -> FileForm:
    reference = inbound.named_reference(mail)
    return FileForm(user=request.user, auto_id=False, initial={"reference": reference})


@desk_page("view_inquiry", "change_inboundmail")
@require_POST
def file_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """File one of them at the inquiry that the officer names, or delete it for good."""
    mail = get_object_or_404(inbound.unfiled(request.user), pk=pk)
    if "delete" in request.POST:
        if not request.user.has_perm("inquiries.delete_inboundmail"):
            raise PermissionDenied
        mail.delete()
        messages.success(request, _("The message is deleted."))
        return HttpResponseRedirect(reverse("admin:inquiries_inbox"))
    form = FileForm(request.POST, user=request.user)
    if not form.is_valid():
        for error in form.errors["reference"]:
            messages.error(request, error)
    elif inbound.file_by_hand(mail, form.cleaned_data["reference"], request.user):
        messages.success(request, _("The message is filed."))
    return HttpResponseRedirect(reverse("admin:inquiries_inbox"))
