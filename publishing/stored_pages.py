"""Whole pages, kept as long as the content does not change.

A public page is the same for every visitor: it depends on its address, its language (which is
part of the address) and the state of the content. So the finished page can be kept under these,
and answered with one small query. ``{% stored %}`` keeps the pieces of pages that cannot be kept
as a whole: those with an unknown name in their query, and forms.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.models import SiteSettings
from publishing.fragments import FragmentStore, fragments
from publishing.page_cache.ticket import ticket_of
from publishing.versions import State, content_state, read_version

SITE = "site settings"


def visitor_state(request: HttpRequest) -> State:
    """The state of the content that answers ``request``. One small query, at its first use.

    What is read for the answer is read later, so it is never older than the state it is kept under.
    """
    if not hasattr(request, "content_state"):
        version = read_version() if fragments.state else None
        if version is None:
            # Nothing is kept, so the whole row will be needed anyway.
            version = SiteSettings.current()
            fragments.get_or_render(content_state(version), SITE, lambda: version)
        request.content_state = content_state(version)  # type: ignore[attr-defined]
    return request.content_state  # type: ignore[attr-defined]


def visitor_site(request: HttpRequest) -> SiteSettings:
    """The site settings as every page of this state shows them. Not for changing."""
    return fragments.get_or_render(visitor_state(request), SITE, SiteSettings.current)


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A finished answer."""

    content: bytes
    headers: tuple[tuple[str, str], ...]

    def __len__(self) -> int:
        return len(self.content)


class StoredPage:
    """Mixin for views: answers from the store what was answered before in the same state.

    Only successful answers to GET and HEAD are kept, and only under addresses of which there is
    an end: without a query, unless ``may_be_stored`` knows that all of it was understood.
    """

    request: HttpRequest
    store: FragmentStore = fragments

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        key = _key(request)
        if key is None:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        state = visitor_state(request)
        # Searches, of which there is no end, must not push the pages out of the cache in front.
        ticket = ticket_of(request.META) if self.store is fragments else None
        kept = self.store.find(state, key)
        if isinstance(kept, KeptPage):
            if ticket:
                ticket.keep(kept.content, state)
            return HttpResponse(kept.content, headers=dict(kept.headers))
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if response.status_code == 200 and self.may_be_stored():
            response.render()
            if ticket:
                ticket.keep(response.content, state)  # instead of a second copy here
            else:
                self.store.keep(state, key, KeptPage(response.content, tuple(response.items())))
        return response

    def may_be_stored(self) -> bool:
        """Whether there is an end of addresses like this one. Asked when the answer is made."""
        return not self.request.GET


def _key(request: HttpRequest) -> Hashable | None:
    """Address and query, in any order; None where a name comes twice, or for other methods."""
    if request.method not in {"GET", "HEAD"}:
        return None
    lists = list(request.GET.lists())
    if any(len(values) > 1 for _name, values in lists):
        return None
    return ("page", request.path, *sorted((name, values[0]) for name, values in lists))
