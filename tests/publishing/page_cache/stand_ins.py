"""Around the page cache without Django: a site that counts how often it is asked, and visitors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import OperationalError

from publishing.generation import Generation
from publishing.page_cache.application import PageCache
from publishing.page_cache.ticket import ticket_of
from publishing.table_reads import Statement
from publishing.versions import Content, Version


@dataclass
class Database:
    """Stands in for the row of the site settings."""

    version: Version = field(default_factory=lambda: Version("first", []))
    is_away: bool = False
    reads: int = 0

    def read(self) -> Version:
        self.reads += 1
        if self.is_away:
            raise OperationalError("away")
        return self.version


@dataclass
class Site:
    """Stands in for Django: tells how often it was asked, and for what."""

    database: Database
    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(
        default_factory=lambda: [("Content-Type", "text/html; charset=utf-8")]
    )
    may_be_kept: bool = True
    tables: tuple[str, ...] = ("parks_park",)
    asked: list[str] = field(default_factory=list)
    closed: int = 0
    before_answer: Callable[[], object] = lambda: None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Site:
        number = len(self.asked) + 1
        self.asked.append(environ["PATH_INFO"])
        content = Content.of(self.database.version)
        self.before_answer()
        self.content = f"<p>page {number} of {environ['HTTP_HOST']}".encode()
        ticket = ticket_of(environ)
        if self.may_be_kept and ticket:
            ticket.keep(self.content, content, self.statements())
        start_response(self.status, [*self.headers, ("Content-Length", str(len(self.content)))])
        return self

    def statements(self) -> list[Statement]:
        """What was read for the answer; nobody can read it again."""
        return [Statement(frozenset(self.tables))]

    def __iter__(self) -> Iterator[bytes]:
        return iter([self.content])

    def close(self) -> None:
        self.closed += 1


@dataclass
class Answer:
    status: str
    headers: dict[str, str]
    body: bytes


def ask(cache: PageCache, path: str = "/en/", query: str = "", **environ: str) -> Answer:
    found: list[Any] = []
    body = cache(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            **environ,
        },
        lambda *start: found.extend(start),
    )
    content = b"".join(body)
    getattr(body, "close", lambda: None)()
    return Answer(found[0], dict(found[1]), content)


def change(database: Database, generation: Generation, name: str) -> None:
    """What the commit of an edit does."""
    database.version = Version(name, database.version.content_moments)
    generation.renew()
