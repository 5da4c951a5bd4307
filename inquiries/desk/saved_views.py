"""Filters of list and board under a name: kept, shared with colleagues, thrown away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from inquiries import filters
from inquiries.desk.pages import desk_page
from inquiries.models import SavedView

LIST = "admin:inquiries_inquiry_changelist"
BOARD = "admin:inquiries_board"
#: What an address of list or board may ask for; everything else is left out.
KEPT = (*(chosen.name for chosen in filters.ALL), "tests", "q", "o")


class SaveForm(forms.Form):
    """The name under which the filters are kept."""

    name = forms.CharField(label=gettext_lazy("Name of this view"), max_length=60)
    is_shared = forms.BooleanField(label=gettext_lazy("for all officers"), required=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved view as a link."""

    pk: int
    name: str
    address: str
    is_shared: bool
    is_own: bool
    is_current: bool


def kept_query(sent: QueryDict) -> str:
    """The filters of an address in one order, so that the same choice reads the same."""
    query = QueryDict(mutable=True)
    for name in KEPT:
        if value := sent.get(name, ""):
            query[name] = value[:80]
    return query.urlencode()


def bar(request: HttpRequest, page: str) -> dict[str, Any]:
    """What list and board show above themselves: links, and a form when something is filtered.

    ``page`` is ``LIST`` or ``BOARD``. One query.
    """
    query = kept_query(request.GET)
    mine_or_shared = Q(user=request.user) | Q(is_shared=True)
    address = reverse(page)
    shown = [
        Shown(
            pk=view.pk,
            name=view.name,
            address=f"{address}?{view.query}",
            is_shared=view.is_shared,
            is_own=view.user_id == request.user.pk,
            is_current=bool(query) and view.query == query,
        )
        for view in SavedView.objects.filter(mine_or_shared)
    ]
    return {
        "views": shown,
        "view_query": query,
        "view_page": page,
        "view_form": SaveForm(auto_id="view_%s") if query else None,
    }


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To where the form stood, with its filters."""
    page = BOARD if request.POST.get("page") == BOARD else LIST
    query = kept_query(QueryDict(request.POST.get("query", "")[:1000]))
    return HttpResponseRedirect(f"{reverse(page)}?{query}" if query else reverse(page))


@desk_page("view_inquiry")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters; the same name again replaces what it meant."""
    form = SaveForm(request.POST)
    query = kept_query(QueryDict(request.POST.get("query", "")[:1000]))
    length = SavedView._meta.get_field("query").max_length or 0
    if not form.is_valid() or not query or len(query) > length:
        messages.error(request, _("Choose a filter and give the view a name."))
        return _back(request)
    given = form.cleaned_data
    SavedView.objects.update_or_create(
        user=request.user,
        name=given["name"],
        defaults={"query": query, "is_shared": given["is_shared"]},
    )
    messages.success(request, _("The view “%(name)s” is kept.") % {"name": given["name"]})
    return _back(request)


@desk_page("view_inquiry")
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw away a view of one's own."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user)
    view.delete()
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    return _back(request)
