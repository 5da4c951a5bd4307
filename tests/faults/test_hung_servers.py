"""PostgreSQL or Redis that hang: they take connections and never answer. Stopped by pid file."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.processes import children
from tests.faults.visitors import filled_form, post

SERVERS = os.environ.get("TEST_SERVERS", "")
pytestmark = pytest.mark.skipif(not SERVERS, reason="needs PostgreSQL and Redis of its own")

KEPT = ("en/", "zh-hans/parks/", "zh-hant/projects/")


@contextlib.contextmanager
def hanging(pid_file: str) -> Iterator[None]:
    """SIGSTOP the server of ``pid_file`` and its processes until the block ends."""
    parent = int((Path(SERVERS) / pid_file).read_text().split()[0])
    # The parent first: it could start another one meanwhile.
    os.kill(parent, signal.SIGSTOP)
    stopped = [parent, *children(parent)]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def get(url: str) -> tuple[int, bytes, float]:
    """Status, body, seconds."""
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            status, body = response.status, response.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    return status, body, time.monotonic() - begun


def until(condition, seconds: float = 20.0) -> float:
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "did not recover"
        time.sleep(0.2)
    return time.monotonic() - begun


def test_a_postgres_that_hangs_stops_neither_health_nor_kept_pages(portal):
    with portal(CACHE_URL=os.environ["CACHE_URL"], SERVER_WORKERS="1") as found:
        for path in KEPT * 2:
            assert get(f"{found.url}/{path}")[0] == 200
        worst = 0.0
        with hanging("pg/postmaster.pid"):
            for round_ in range(3):
                assert get(f"{found.url}/healthz")[0] == 200
                status, body, seconds = get(f"{found.url}/readyz")
                worst = max(worst, seconds)
                assert (status, json.loads(body)["database"]) == (503, "unavailable")
                assert seconds < 2
                for path in KEPT:
                    assert get(f"{found.url}/{path}")[0] == 200
                status, body, seconds = get(f"{found.url}/en/search/?q=hung{round_}")
                assert status == 503
                assert b"mailto:" in body
                assert seconds < 4
            form, headers = filled_form(found.folder, "hung-key", 1)
            status, _location, page = post(found.url, form, headers)
            assert status == 503
            assert "Key hung-key" in page.decode()
        back = until(lambda: get(f"{found.url}/readyz")[0] == 200)
        until(lambda: post(found.url, form, headers)[0] == 303)
    print(f"\nPostgreSQL hung: /readyz 503 after {worst:.2f} s at most; ready {back:.1f} s after")


def test_a_redis_that_hangs_costs_nobody_a_page(portal):
    with portal(CACHE_URL=os.environ["CACHE_URL"]) as found:
        with hanging("redis.pid"):
            status, body, seconds = get(f"{found.url}/readyz")
            assert (status, json.loads(body)["cache"]) == (200, "degraded")
            assert seconds < 2
            for path in (*KEPT, "en/search/?q=park", "en/inquiry/"):
                assert get(f"{found.url}/{path}")[0] == 200, path
            form, headers = filled_form(found.folder, "redis-key", 1)
            assert post(found.url, form, headers)[0] == 303
        until(lambda: b'"cache": "ok"' in get(f"{found.url}/readyz")[1])
    print(f"\nRedis hung: /readyz 200 after {seconds:.2f} s")
