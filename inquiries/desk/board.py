"""The pipeline as a board: a column for each stage, a card for each investor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inquiries import filters, masking, pipeline
from inquiries.choices import PIPELINE, PIPELINE_KINDS, Status
from inquiries.desk import saved_views
from inquiries.desk.gate_form import GateForm, gate_form
from inquiries.desk.pages import desk_page, render_desk, visible_inquiry
from inquiries.models import Inquiry

#: So many cards of a column are shown, the newest; the list has them all.
CARDS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Card:
    """What a colleague sees of an inquiry without opening it."""

    inquiry: Inquiry
    title: str
    address: str
    owner: str
    is_late: bool
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A stage and its newest cards."""

    stage: Status
    count: int
    cards: list[Card]
    #: The list of all of them, with the same filters.
    address: str

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.cards)


@desk_page("view_inquiry")
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Columns by stage. Two queries for all cards, however many there are."""
    chosen = filters.narrowed(
        Inquiry.objects.visible_to(request.user).in_pipeline(), filters.BOARD, request
    )
    chosen = filters.without_tests(chosen, request.user)
    query = saved_views.kept_query(request.GET)
    context = {
        "columns": columns(chosen, request.user, query),
        "filters": shown_filters(request),
        "stages": PIPELINE,
        "may_move": request.user.has_perm("inquiries.change_inquiry"),
        **saved_views.bar(request, saved_views.BOARD),
    }
    return render_desk(request, "inquiries/desk/board.html", _("Board of inquiries"), context)


def columns(chosen: QuerySet, user: Any, query: str) -> list[Column]:
    """All stages of the pipeline in order, empty ones too."""
    counts = dict(
        chosen.order_by().values("status").annotate(n=Count("pk")).values_list("status", "n")
    )
    newest = Window(RowNumber(), partition_by=F("status"), order_by=(F("created_at").desc(), "-pk"))
    cards: dict[str, list[Card]] = {stage: [] for stage in PIPELINE}
    rows = chosen.annotate(place=newest).filter(place__lte=CARDS_SHOWN, status__in=PIPELINE)
    now = timezone.now()
    for inquiry in rows.select_related("park", "proposed_park", "assigned_to"):
        cards[inquiry.status].append(_card(inquiry, user, now))
    return [
        Column(stage, counts.get(stage, 0), cards[stage], _list_address(stage, query))
        for stage in PIPELINE
    ]


def _card(inquiry: Inquiry, user: Any, now: datetime) -> Card:
    """With the date that is next: the answer's, else the next step's."""
    due = inquiry.due_at if inquiry.is_waiting else inquiry.next_action_due
    is_running = inquiry.paused_at is None and not Status(inquiry.status).is_finished
    owner = inquiry.assigned_to
    return Card(
        inquiry=inquiry,
        title=masking.title_for(inquiry, user),
        address=reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]),
        owner=str(owner or ""),
        is_late=is_running and due is not None and due < now,
        due=due if is_running else None,
    )


def _list_address(stage: str, query: str) -> str:
    wanted = QueryDict(query, mutable=True)
    wanted["stage"] = stage
    return f"{reverse(saved_views.LIST)}?{wanted.urlencode()}"


def shown_filters(request: HttpRequest) -> list[dict[str, Any]]:
    """Names, titles and choices, with what is chosen now."""
    shown = []
    for one in filters.BOARD:
        choices = one.choices()
        if one is filters.KIND:
            choices = [(kind.value, kind.label) for kind in PIPELINE_KINDS]
        shown.append(
            {
                "name": one.name,
                "title": one.title,
                "choices": choices,
                "value": request.GET.get(one.name, ""),
            }
        )
    return shown


@desk_page("view_inquiry", "change_inquiry")
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a card into another column; what its gate still needs is asked for first."""
    inquiry = visible_inquiry(request, pk)
    address = reverse(saved_views.BOARD)
    query = saved_views.kept_query(QueryDict(request.POST.get("query", "")[:1000]))
    if query:
        address = f"{address}?{query}"
    stage = request.POST.get("stage", "")
    if stage not in PIPELINE:
        messages.error(request, _("Choose a stage."))
        return HttpResponseRedirect(address)
    given = {}
    if form := _asked_for(inquiry, stage, request):
        if not form.is_valid():
            return _ask(request, inquiry, stage, form, {"query": query, "board": address})
        given = form.cleaned_data
    try:
        is_moved = pipeline.change_stage(inquiry, stage, request.user, **given)
    except pipeline.GateClosed as closed:
        form = reverse("admin:inquiries_inquiry_change", args=[pk])
        words = format_html(
            '{}: {} <a href="{}">{}</a>',
            *(inquiry.reference, " ".join(closed.messages), form, _("Fill in")),
        )
        messages.error(request, words)
    else:
        if is_moved:
            messages.success(
                request,
                _("%(reference)s stands at “%(stage)s” now.")
                % {"reference": inquiry.reference, "stage": Status(stage).label},
            )
    return HttpResponseRedirect(address)


def _asked_for(inquiry: Inquiry, stage: str, request: HttpRequest) -> GateForm | None:
    """Unanswered until it was shown. A stage that is no stage for its kind asks for nothing."""
    if stage == inquiry.status or stage not in pipeline.stages_from(inquiry):
        return None
    return gate_form(inquiry, stage, request.POST if "apply" in request.POST else None)


def _ask(
    request: HttpRequest, inquiry: Inquiry, stage: str, form: GateForm, back: dict[str, str]
) -> HttpResponse:
    words = {"reference": inquiry.reference, "stage": Status(stage).label}
    title = _("%(reference)s to “%(stage)s”") % words
    context = {"inquiry": inquiry, "stage": stage, "form": form, **back}
    status = 422 if form.is_bound else 200
    return render_desk(request, "inquiries/desk/gate.html", title, context, status=status)
