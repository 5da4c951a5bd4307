"""What the nodes need is stopped or hangs: pages go on, and nothing acknowledged is lost."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.buckets import s3_client
from tests.cluster.faults import (
    SERVERS,
    SOME_PAGES,
    SOME_POSTS,
    failed_pages,
    frozen,
    is_stored,
    readiness,
    refuse_in_words,
    stopped,
)
from tests.cluster.nodes import until
from tests.cluster.proxy import answer
from tests.cluster.traffic import REFUSED_FORM, visitors


def test_redis_is_stopped_and_hangs(healthy, report):
    for name, broken in (
        ("Redis stopped", lambda: stopped("redis.pid", signal.SIGTERM)),
        ("Redis hangs", lambda: frozen(SERVERS / "redis.pid")),
    ):
        with visitors(healthy, SOME_PAGES, SOME_POSTS) as traffic, broken():
            traffic.wait_for_more(SOME_PAGES // 2, SOME_POSTS // 2)
            for node in healthy.nodes:
                status, words, seconds = readiness(node)
                assert (status, words["cache"]) == (200, "degraded")
                assert seconds < 2
            failed = failed_pages(healthy)
        recovered = until(lambda: readiness(healthy.nodes[0])[1]["cache"] == "ok", 30)
        lost = traffic.lost(healthy)
        report.add(name, traffic.counted(), traffic.failed + failed.total(), lost, recovered)
        assert traffic.failed == 0, traffic.said()
        assert failed.total() == 0, failed
        assert lost == 0


@pytest.mark.parametrize("fault", ["stopped", "hangs"])
def test_postgresql_is_away(healthy, report, fault):
    if fault == "stopped":
        broken = stopped("pg/postmaster.pid", signal.SIGINT)
    else:
        broken = frozen(SERVERS / "pg" / "postmaster.pid")
    healthy.warm()
    with broken:
        time.sleep(1)
        for node in healthy.nodes:
            assert answer(f"{node.url}/healthz")[0] == 200
            status, words, seconds = readiness(node)
            assert (status, words["database"]) == (503, "unavailable")
            assert seconds < 2
        failed = failed_pages(healthy)
        refuse_in_words(healthy)
    recovered = until(lambda: is_stored(healthy), 30)
    recovered += until(lambda: all(node.is_ready() for node in healthy.nodes))
    report.add(
        f"PostgreSQL {fault}: every page of the sitemap but the form",
        len(healthy.addresses) - 3,
        failed.total(),
        0,
        recovered,
    )
    assert failed.total() == 0, failed


def test_postgresql_is_killed_under_load(healthy, report):
    with visitors(healthy, SOME_PAGES, SOME_POSTS) as traffic:
        traffic.wait_for_more(20, 5)
        with stopped("pg/postmaster.pid", signal.SIGQUIT):
            time.sleep(1)
        recovered = until(lambda: is_stored(healthy), 30)
        time.sleep(1)
    lost = traffic.lost(healthy)
    asked_again = traffic.posts["503"] + traffic.pages[REFUSED_FORM]
    report.add(
        f"PostgreSQL killed ({asked_again} forms told to try again)",
        traffic.counted(),
        traffic.failed - asked_again,
        lost,
        recovered,
    )
    assert traffic.failed == asked_again, traffic.said()
    assert lost == 0


def test_the_object_storage_hangs(healthy, report):
    known, unknown = "/media/images/ab/known.webp", "/media/images/ab/unknown.webp"
    put(known, unknown)
    assert answer(f"{healthy.url}{known}")[0] == 200
    with frozen(SERVERS / "s3.pid"), visitors(healthy, SOME_PAGES, SOME_POSTS) as traffic:
        begun = time.monotonic()
        assert answer(f"{healthy.url}{known}")[0] == 200
        assert answer(f"{healthy.url}{unknown}")[0] in {503, 504}
        assert time.monotonic() - begun < 15
        failed = failed_pages(healthy)
    recovered = until(lambda: answer(f"{healthy.url}{unknown}")[0] == 200)
    lost = traffic.lost(healthy)
    report.add(
        f"S3 hangs (slowest page {traffic.slowest_page:.1f} s)",
        traffic.counted(),
        traffic.failed + failed.total(),
        lost,
        recovered,
    )
    assert traffic.failed == 0, traffic.said()
    assert failed.total() == 0, failed
    assert lost == 0


def put(*paths: str) -> None:
    """Pictures in the bucket, as an upload leaves them."""
    client = s3_client(os.environ["MEDIA_STORAGE_URL"])
    for path in paths:
        client.put_object(Bucket="portal", Key=path.strip("/"), Body=b"RIFF")
