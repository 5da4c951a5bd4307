"""The portal's front door: the WSGI callable of the server, page cache included.

Requests are made by hand, because what is sent here no browser and no test client would send.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections
from django.utils.module_loading import import_string

from publishing.generation import Generation
from publishing.page_cache import application as page_cache
from publishing.page_cache.application import Application, PageCache
from publishing.page_cache.content_clock import ContentClock

#: Every answer that a request, however odd, may get. No 5xx is among them.
EXPECTED = frozenset({200, 301, 302, 303, 304, 400, 403, 404, 405, 412, 413, 422, 429})


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        """The first header of this name, or nothing."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    @property
    def cookies(self) -> list[str]:
        return [value for key, value in self.headers if key.lower() == "set-cookie"]


@dataclass
class Door:
    """Knock, and remember what broke behind it."""

    application: Application
    errors: list[str] = field(default_factory=list)

    def knock(
        self,
        path: str,
        query: str = "",
        *,
        method: str = "GET",
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        length: int | str | None = None,
        address: str = "192.0.2.1",
    ) -> Reply:
        """``path`` and header values are latin-1 texts of bytes, as WSGI has them."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": address,
            "HTTP_HOST": "testserver",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if body or length is not None:
            environ["CONTENT_LENGTH"] = str(len(body) if length is None else length)
        for name, value in (headers or {}).items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        started: list[tuple[str, list[tuple[str, str]]]] = []
        with same_connection():
            answer = self.application(environ, lambda *start: started.append(start[:2]))
            content = b"".join(answer)
            getattr(answer, "close", lambda: None)()
        status, found = started[-1]
        return Reply(int(status[:3]), found, content)

    def note(self, **_signal: object) -> None:
        kind, value, trace = sys.exc_info()
        while trace and trace.tb_next:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
        self.errors.append(f"{kind.__name__ if kind else ''}: {str(value)[:200]} at {place}")


@contextmanager
def front_door(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    """The door with an empty page cache of its own."""
    generation = Generation(folder / "generation")
    monkeypatch.setattr(page_cache, "generation", lambda: generation)
    monkeypatch.setattr("publishing.versions.announce_change", generation.renew)
    # Its thread would use the database of the test from a connection of its own.
    monkeypatch.setattr(ContentClock, "watch", lambda _self: None)
    application = import_string(settings.WSGI_APPLICATION)
    if isinstance(application, PageCache):
        application = PageCache(application.application)
    door = Door(application)
    got_request_exception.connect(door.note)
    yield door
    got_request_exception.disconnect(door.note)


@contextmanager
def same_connection() -> Iterator[None]:
    """Else each request may close the connection, and with it the test's transaction.

    Django's test client takes away and sets the same two receivers, so it is done each time.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
