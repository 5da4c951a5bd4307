"""Whole pages, kept as long as what they show does not change.

A public page is the same for every visitor: it depends on its address, its language (which is
part of the address) and the state of the content. So the finished page can be kept under these,
and answered with one small query. ``{% stored %}`` keeps the pieces of pages: for those that
cannot be kept as a whole, and for the next making of a page of which only a part has changed.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse

from core.models import SiteSettings
from publishing.fragments import FragmentStore, fragments
from publishing.generation import generation
from publishing.page_cache.ticket import ticket_of
from publishing.table_reads import noted_reads
from publishing.versions import Content, read_version

SITE = "site settings"
CONTENT = "publishing.content"


def visitor_content(request: HttpRequest) -> Content:
    """The content that answers ``request``. One small query, at its first use.

    What is read for the answer is read later, so it is never older than what it is kept under.
    """
    # Beside the ticket of the page cache: the one place where a request carries things along.
    if CONTENT not in request.META:
        request.META[CONTENT] = _read_content()
    return request.META[CONTENT]


def _read_content() -> Content:
    """Reads the whole row of the settings where it will be needed anyway: before anything is kept,
    and at the first page after a change, which may be one of the settings."""
    mark = generation().name()
    version = read_version() if fragments.mark == mark else None
    if version:
        return Content.of(version)
    with noted_reads() as reads:
        site = SiteSettings.current()
    content = Content.of(site)
    fragments.keep(content, SITE, site, reads.statements)
    fragments.mark = mark
    return content


def visitor_site(request: HttpRequest) -> SiteSettings:
    """The site settings as every page of this state shows them. Not for changing."""
    return fragments.get_or_render(visitor_content(request), SITE, SiteSettings.current)


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
        content = visitor_content(request)
        # Searches, of which there is no end, must not push the pages out of the cache in front.
        ticket = ticket_of(request.META) if self.store is fragments else None
        with noted_reads() as reads:
            kept = self.store.find(content, key) if key else None
        if isinstance(kept, KeptPage):
            if ticket:
                ticket.keep(kept.content, content, reads.statements)
            return HttpResponse(kept.content, headers=dict(kept.headers))
        with noted_reads() as reads:
            # A mixin: the view after it has the method.
            response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
            if isinstance(response, TemplateResponse):
                response.render()
        if key and response.status_code == 200 and self.may_be_stored():
            if ticket:
                # Instead of a second copy here.
                ticket.keep(response.content, content, reads.statements)
            else:
                page = KeptPage(response.content, tuple(response.items()))
                self.store.keep(content, key, page, reads.statements)
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
