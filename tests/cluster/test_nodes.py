"""Nodes that die, hang, restart and change: visitors notice nothing."""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.cluster.faults import (
    HANG_SECONDS,
    REQUESTS,
    SOME_PAGES,
    SOME_POSTS,
    failed_pages,
    frozen,
    is_stored,
    readiness,
)
from tests.cluster.nodes import NEWER_SETTINGS, until
from tests.cluster.traffic import visitors
from tests.faults.processes import children
from tests.faults.visitors import filled_form, post

KILLS = 6


def test_a_node_is_killed_under_load(healthy, report):
    """All of it at once, each in turn. A page that was on its way may end early."""
    slowest = 0.0
    with visitors(healthy, REQUESTS, REQUESTS) as traffic:
        for number in range(KILLS):
            traffic.wait_for((number + 0.5) / KILLS)
            node = healthy.nodes[number % 2]
            node.kill()
            node.start()
            slowest = max(slowest, node.wait_until_up())
            # Who was refused by this one must have his answer from the other before that dies, too.
            traffic.wait_for_more(20, 20)
    lost = traffic.lost(healthy)
    failed = traffic.failed - traffic.truncated
    report.add(
        f"a node killed ({KILLS} × kill -9, {traffic.truncated} pages cut short)",
        traffic.counted(),
        failed,
        lost,
        slowest,
    )
    assert failed == 0, traffic.said()
    assert traffic.truncated <= KILLS
    assert lost == 0


def test_nodes_are_restarted_one_after_the_other(healthy, report):
    slowest = 0.0
    with visitors(healthy, REQUESTS, REQUESTS) as traffic:
        for share, node in enumerate(healthy.nodes, 1):
            traffic.wait_for(share / 3)
            node.stop()
            node.start()
            slowest = max(slowest, node.wait_until_up())
    lost = traffic.lost(healthy)
    report.add("rolling restart", traffic.counted(), traffic.failed, lost, slowest)
    assert traffic.failed == 0, traffic.said()
    assert lost == 0


def test_workers_are_replaced_one_node_after_the_other(healthy, report):
    """What ``systemctl reload portal-web`` does."""
    slowest = 0.0
    with visitors(healthy, SOME_PAGES, SOME_POSTS) as traffic:
        for share, node in enumerate(healthy.nodes, 1):
            traffic.wait_for(share / 3)
            before = set(children(node.pid))
            os.kill(node.pid, signal.SIGHUP)
            replaced = until(lambda: not before & set(children(node.pid)), 40)  # noqa: B023
            slowest = max(slowest, replaced + node.wait_until_up())
    lost = traffic.lost(healthy)
    report.add("workers replaced (HUP)", traffic.counted(), traffic.failed, lost, slowest)
    assert traffic.failed == 0, traffic.said()
    assert lost == 0


def test_a_new_release_is_rolled_out_across_a_migration(healthy, report):
    slowest = 0.0
    with visitors(healthy, REQUESTS, REQUESTS) as traffic:
        traffic.wait_for(1 / 4)
        healthy.manage("migrate", settings=NEWER_SETTINGS)
        for share, node in enumerate(healthy.nodes, 2):
            traffic.wait_for(share / 4)
            node.stop()
            node.start(NEWER_SETTINGS)
            slowest = max(slowest, node.wait_until_up())
    lost = traffic.lost(healthy)
    report.add("upgrade across a migration", traffic.counted(), traffic.failed, lost, slowest)
    assert traffic.failed == 0, traffic.said()
    assert lost == 0
    assert readiness(healthy.nodes[0])[1]["migrations"] == "ok"


def test_a_node_hangs(healthy, report):
    node = healthy.nodes[0]
    with visitors(healthy, SOME_PAGES, SOME_POSTS) as traffic:
        traffic.wait_for_more(20, 5)
        with frozen(node.folder / "node.pid"):
            time.sleep(HANG_SECONDS)
        recovered = node.wait_until_up()
    lost = traffic.lost(healthy)
    report.add(
        f"a node hangs for {HANG_SECONDS:.0f} s "
        f"(slowest page {traffic.slowest_page:.1f} s, post {traffic.slowest_post:.1f} s)",
        traffic.counted(),
        traffic.failed,
        lost,
        recovered,
    )
    assert traffic.failed == 0, traffic.said()
    assert lost == 0


def test_the_same_form_sent_twenty_times_at_once_is_stored_once(healthy, report):
    places: dict[str, set[str]] = {}
    statuses: Counter[int] = Counter()
    keys = [secrets.token_urlsafe(16) for _number in range(20)]

    def send(key: str, number: int) -> None:
        # Half to each node, past nginx, so that both hold the same key in the same moment.
        node = healthy.nodes[number % 2]
        status, location, _page = post(node.url, *filled_form(healthy.key_folder, key, 1))
        statuses[status] += 1
        places.setdefault(key, set()).add(location)

    with ThreadPoolExecutor(20) as pool:
        for key in keys:
            list(pool.map(send, [key] * 20, range(20)))
    stored = healthy.rows(
        "SELECT count(*) FROM inquiries_inquiry WHERE submission_key = ANY(%s)", keys
    )[0][0]
    failed = statuses.total() - statuses[303]
    report.add("20 keys, each 20 times at once", statuses.total(), failed, 20 - stored, "–")
    assert failed == 0, statuses
    assert stored == 20
    assert all(len({place.split("?")[-1] for place in found}) == 1 for found in places.values())


def test_all_nodes_are_down(healthy, report):
    healthy.warm()
    for node in healthy.nodes:
        node.kill()
    failed = failed_pages(healthy)
    key = secrets.token_urlsafe(16)
    status, _location, page = post(healthy.url, *filled_form(healthy.key_folder, key, 1))
    for node in healthy.nodes:
        node.start()
    recovered = until(lambda: is_stored(healthy))
    report.add(
        "all nodes down: every page of the sitemap but the form",
        len(healthy.addresses) - 3,
        failed.total(),
        0,
        recovered,
    )
    assert failed.total() == 0, failed
    assert status == 503
    assert "was not stored" in page.decode()
