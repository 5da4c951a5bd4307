"""The reply desk: message and questions on one side, the answer on the other. No script needed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.languages import translated
from inquiries import replies
from inquiries.desk.inbound_forms import PasteForm
from inquiries.desk.pages import desk_page, render_desk, visible_inquiry
from inquiries.desk.reply_forms import PointFormSet, ReplyForm, typed_again
from inquiries.models import Inquiry, Look, Reply
from inquiries.presentation import details
from inquiries.privacy import note_look

INSERT = "insert-"


@desk_page("view_inquiry", "add_reply")
@require_http_methods(["GET", "HEAD", "POST"])
def reply_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Write, save, put in approved words, send."""
    inquiry = visible_inquiry(request, pk)
    try:
        if request.method == "POST":
            replies.check_unchanged(inquiry, request.POST.get("seen", ""), request.user)
        return _page(request, inquiry)
    except replies.DraftChanged as changed:
        return _between(request, inquiry, " ".join(changed.messages))


def _page(request: HttpRequest, inquiry: Inquiry) -> HttpResponse:
    draft = replies.draft_of(inquiry)
    sent = request.POST if request.method == "POST" else None
    form = ReplyForm(sent, instance=draft)
    suggestions = [{"text": text} for text in replies.suggested_points(inquiry)]
    points = PointFormSet(sent, instance=inquiry, draft=draft, suggestions=suggestions)
    if sent is not None and form.is_valid() and points.is_valid():
        return _act(request, inquiry, form.instance, points)
    if sent is None:
        note_look([inquiry], request.user, Look.Kind.VIEW)
    return _shown(request, inquiry, form, points)


def _between(request: HttpRequest, inquiry: Inquiry, words: str) -> HttpResponse:
    """Somebody saved or sent meanwhile: what was typed, on top of what is stored now."""
    draft = replies.draft_of(inquiry)
    typed = {name: request.POST.get(name, "") for name in ("language", "subject", "text")}
    typed["is_proposal"] = bool(request.POST.get("is_proposal"))
    form = ReplyForm(instance=draft, initial=typed)
    rows = typed_again(request.POST, inquiry)
    points = PointFormSet(instance=inquiry, draft=draft, **rows)
    more = {"between": words, "stored": draft if draft.pk else None}
    return _shown(request, inquiry, form, points, more, status=409)


def _act(request: HttpRequest, inquiry: Inquiry, draft: Reply, points: Any) -> HttpResponse:
    """Save, then do what the button says; always ends in a page of its own."""
    action = request.POST.get("action", "save")
    try:
        with transaction.atomic():
            seen = request.POST.get("seen", "")
            draft = replies.save_draft(draft, request.user, seen=seen)
            points.save_for(draft)
        if action == "send":
            _send(request, draft)
            return HttpResponseRedirect(
                reverse("admin:inquiries_inquiry_change", args=[inquiry.pk])
            )
        if action.startswith(INSERT):
            _insert(request, inquiry, draft, action.removeprefix(INSERT))
        else:
            messages.success(request, _("The draft is saved."))
    except replies.DraftChanged:
        raise
    except ValidationError as error:
        for problem in error.messages:
            messages.error(request, problem)
    return HttpResponseRedirect(reverse("admin:inquiries_reply", args=[inquiry.pk]))


def _send(request: HttpRequest, draft: Reply) -> None:
    remark = replies.send_reply(draft, request.user)
    messages.success(request, _("The reply is on its way."))
    if remark:
        words = _("The stage has not changed: %(reason)s") % {"reason": remark}
        messages.warning(request, words)


def _insert(request: HttpRequest, inquiry: Inquiry, draft: Reply, key: str) -> None:
    """Append approved words with their facts, and tell what is missing in them."""
    block = next((item for item in replies.blocks_for(inquiry) if str(item.pk) == key), None)
    if block is None:
        raise ValidationError(_("These words are not approved any more."))
    words = translated(block, "text", draft.language)
    filled = replies.fill_in(inquiry, words.value, draft.language)
    draft.text = "\n\n".join(filter(None, [draft.text.rstrip(), filled.text.strip()]))
    replies.save_draft(draft, request.user, seen=replies.version_of(draft))
    messages.success(request, _("Put in: %(title)s") % {"title": block.title})
    if words.is_fallback:
        messages.warning(request, _("These words are not there in the language of the reply."))
    if filled.missing:
        names = ", ".join(filled.missing)
        messages.warning(
            request,
            _("No source states: %(names)s. The text says so; ask, or leave it out.")
            % {"names": names},
        )


def _shown(
    request: HttpRequest,
    inquiry: Inquiry,
    form: ReplyForm,
    points: Any,
    more: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    judged = replies.judged_blocks(inquiry)
    earlier = inquiry.replies.exclude(sent_at=None).select_related("author")
    context = {
        "inquiry": inquiry,
        "details": details(inquiry),
        "came": inquiry.inbound_mails.all(),
        "earlier": earlier,
        "answered": inquiry.points.exclude(answered_at=None),
        "form": form,
        "points": points,
        "blocks": [block for block, reason in judged if not reason],
        "held_back": [(block, reason) for block, reason in judged if reason],
        "paste": PasteForm(auto_id="paste_%s"),
        "has_errors": form.is_bound,
        **(more or {}),
    }
    title = _("Answer %(reference)s") % {"reference": inquiry.reference}
    return render_desk(request, "inquiries/desk/reply.html", title, context, status=status)
