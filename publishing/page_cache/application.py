"""The WSGI application around Django's that answers kept pages by itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from publishing.generation import generation
from publishing.page_cache.content_clock import ContentClock, Moment
from publishing.page_cache.evidence import Evidence
from publishing.page_cache.flights import Flights
from publishing.page_cache.keys import Environ, PageKey, PageKeys
from publishing.page_cache.pages import Page, PageStore
from publishing.page_cache.proxies import proxy_limit
from publishing.page_cache.ticket import NAME, Ticket

StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

#: How long a visitor waits for the one who is making the page, in seconds.
LONGEST_WAIT = 5.0
#: What browsers say they accept: a few dozen different texts, unless somebody plays.
MOST_ACCEPTED = 200
#: What takes the place of a page that a proxy still has.
MOVED_OR_GONE = frozenset({301, 302, 308, 404, 410})


@dataclass(slots=True)
class Counts:
    """How requests were answered since the process began. Whole numbers, for the metrics."""

    hits: int = 0
    not_modified: int = 0  # of the hits
    confirmed: int = 0  # after a change elsewhere
    misses: int = 0
    stale: int = 0
    rescued: int = 0
    bypassed: int = 0


@dataclass(slots=True)
class Answer:
    """What Django answered, before it goes to the visitor."""

    start: tuple[Any, ...] = ()
    body: Iterable[bytes] = ()

    def capture(self, *start: Any) -> None:
        """Stands in for ``start_response``."""
        self.start = start

    @property
    def status(self) -> int:
        return int(self.start[0][:3])

    def is_personal(self) -> bool:
        return any(name.lower() == "set-cookie" for name, _value in self.start[1])

    def drop(self) -> None:
        """Let Django close what it holds: nobody reads this body."""
        close = getattr(self.body, "close", None)
        if close:
            close()


class PageCache:
    """Answers from the store what is current, and keeps what views below allow to be kept.

    A page that has changed is made anew by one visitor; others who come in the same moment get
    the old one for at most ``STALE_SECONDS``, then wait for the new one. When Django can only
    answer with an error, the page as it was last known stands in, unless a schedule ended it.
    """

    def __init__(self, application: Application) -> None:
        self.application = application
        self.keys = PageKeys()
        self.evidence = Evidence()
        self.clock = ContentClock(generation(), self.evidence.take)
        self.store = PageStore(settings.PAGE_CACHE_MEGABYTES * 1_000_000)
        self.flights = Flights()
        self.counts = Counts()
        self._accepted: dict[str, str] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self.keys.key(environ)
        if key is None:
            self.counts.bypassed += 1
            return self.application(environ, start_response)
        moment = self.clock.moment()
        page = self.store.find(key)
        if page and moment and page.is_current(moment.content):
            self.counts.hits += 1
            return self._give(page, environ, start_response, is_current=True)
        if page and not moment and time.time() < page.lasts_until:
            # The database is away, and waiting for it would help nobody.
            self.counts.rescued += 1
            return self._give(page, environ, start_response)
        return self._miss(key, page, environ, start_response)

    def _miss(
        self, key: PageKey, old: Page | None, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        self.clock.watch()
        if old and (moment := self.clock.moment()) and self.evidence.confirms(old, moment):
            self.counts.confirmed += 1
            return self._give(old, environ, start_response, is_current=True)
        flight = self.flights.join(key)
        if flight is not None:
            moment = self.clock.moment()
            if old and moment and may_be_stale(old, moment):
                self.counts.stale += 1
                return self._give(old, environ, start_response)
            flight.wait(LONGEST_WAIT)
            moment, page = self.clock.moment(), self.store.find(key)
            if page and moment and page.is_current(moment.content):
                self.counts.hits += 1
                return self._give(page, environ, start_response, is_current=True)
        return self._make(key, old, environ, start_response)

    def _make(
        self, key: PageKey, old: Page | None, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Ask Django; keep its answer if that is allowed."""
        self.counts.misses += 1
        ticket = environ[NAME] = Ticket()
        answer, page = Answer(), None
        try:
            answer.body = self.application(environ, answer.capture)
            page = self._page(ticket, answer)
            if page:
                self.store.keep(key, page)
                self.evidence.expect(page)
        finally:
            self.flights.land(key, is_kept=page is not None)
        if page:
            answer.drop()
            return self._give(page, environ, start_response, is_current=True)
        if answer.status >= 500 and old and time.time() < old.lasts_until:
            self.counts.rescued += 1
            answer.drop()
            return self._give(old, environ, start_response)
        status, headers, *error = answer.start
        if answer.status in MOVED_OR_GONE and "HTTP_IF_NONE_MATCH" in environ:
            # The proxy has this page of an earlier time, which it must not show in an outage.
            headers = [*self._limit(environ), *headers]
        start_response(status, headers, *error)
        return answer.body

    def _page(self, ticket: Ticket, answer: Answer) -> Page | None:
        if ticket.kept is None or answer.status != 200 or answer.is_personal():
            return None
        moment = self.clock.moment()
        if moment is None:
            return None
        return Page(ticket.kept, answer.start[1], moment.scheduled_at)

    def _limit(self, environ: Environ) -> list[tuple[str, str]]:
        return proxy_limit(environ) if self.keys.behind_proxy else []

    def _give(
        self,
        page: Page,
        environ: Environ,
        start_response: StartResponse,
        *,
        is_current: bool = False,
    ) -> Iterable[bytes]:
        encoding = self._encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        # What is shown for want of something better is not for the proxy to keep.
        limit = self._limit(environ) if is_current else []
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known is not None and (page.etag(encoding) in known or known.strip() == "*"):
            self.counts.not_modified += 1
            start_response("304 Not Modified", [*limit, *page.unchanged(encoding)])
            return []
        headers, body = page.answer(encoding)
        start_response("200 OK", [*limit, *headers])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _encoding(self, accepted: str) -> str:
        found = self._accepted.get(accepted)
        if found is None:
            found = best_encoding(accepted)
            if len(self._accepted) < MOST_ACCEPTED:
                self._accepted[accepted] = found
        return found


def may_be_stale(page: Page, moment: Moment) -> bool:
    """Whether ``page``, of an earlier state, may be shown once more while the new one is made."""
    now = time.time()
    return now < moment.stale_until and now < page.lasts_until


def best_encoding(accepted: str) -> str:
    """The smallest form that an ``Accept-Encoding`` allows."""
    weights = {}
    for part in accepted.lower().split(","):
        name, _semicolon, weight = part.partition(";")
        weights[name.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    for name in ("br", "gzip"):
        if weights.get(name, weights.get("*", False)):
            return name
    return "identity"
