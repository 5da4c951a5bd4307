"""Nodes that die, hang, restart and change: visitors notice nothing."""

from __future__ import annotations

import os
import secrets
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.cluster.faults import (
    HANG_SECONDS,
    KILLS,
    PAGES,
    POSTS,
    failed_pages,
    frozen,
    is_stored,
    readiness,
)
from tests.cluster.nodes import NEWER_SETTINGS, until
from tests.cluster.proxy import answer
from tests.cluster.traffic import visitors
from tests.faults.processes import children
from tests.faults.visitors import filled_form, post


def test_a_node_is_killed_under_load(healthy, report):
    slowest = 0.0
    with visitors(healthy, PAGES, POSTS) as traffic:
        for number in range(KILLS):
            time.sleep(0.7)
            node = healthy.nodes[number % 2]
            node.kill()
            node.start()
            slowest = max(slowest, node.wait_until_up())
    lost = traffic.lost(healthy)
    report.add(
        f"a node killed ({KILLS} × kill -9)", traffic.requests, traffic.failed, lost, slowest
    )
    assert traffic.failed == 0, traffic.said()
    assert lost == 0


def test_nodes_are_restarted_one_after_the_other(healthy, report):
    slowest = 0.0
    with visitors(healthy, PAGES, POSTS) as traffic:
        for node in healthy.nodes:
            time.sleep(0.5)
            node.stop()
            node.start()
            slowest = max(slowest, node.wait_until_up())
    lost = traffic.lost(healthy)
    report.add("rolling restart", traffic.requests, traffic.failed, lost, slowest)
    assert traffic.failed == 0, traffic.said()
    assert lost == 0


def test_workers_are_replaced_one_node_after_the_other(healthy, report):
    """What ``systemctl reload portal-web`` does."""
    slowest = 0.0
    with visitors(healthy, PAGES // 2, POSTS // 2) as traffic:
        for node in healthy.nodes:
            time.sleep(0.5)
            before = set(children(node.pid))
            os.kill(node.pid, signal.SIGHUP)
            replaced = until(lambda: not before & set(children(node.pid)), 40)  # noqa: B023
            slowest = max(slowest, replaced + node.wait_until_up())
    lost = traffic.lost(healthy)
    report.add("workers replaced (HUP)", traffic.requests, traffic.failed, lost, slowest)
    assert traffic.failed == 0, traffic.said()
    assert lost == 0


def test_a_new_release_is_rolled_out_across_a_migration(healthy, report):
    with visitors(healthy, PAGES, POSTS) as traffic:
        healthy.manage("migrate", settings=NEWER_SETTINGS)
        slowest = 0.0
        for node in healthy.nodes:
            node.stop()
            node.start(NEWER_SETTINGS)
            slowest = max(slowest, node.wait_until_up())
    lost = traffic.lost(healthy)
    report.add("upgrade across a migration", traffic.requests, traffic.failed, lost, slowest)
    assert traffic.failed == 0, traffic.said()
    assert lost == 0
    assert readiness(healthy.nodes[0])[1]["migrations"] == "ok"


def test_a_node_hangs(healthy, report):
    node = healthy.nodes[0]
    with visitors(healthy, PAGES, POSTS // 5) as traffic:
        time.sleep(0.5)
        with frozen(node.folder / "node.pid"):
            time.sleep(HANG_SECONDS)
        recovered = node.wait_until_up()
    lost = traffic.lost(healthy)
    report.add(
        f"a node hangs for {HANG_SECONDS:.0f} s "
        f"(slowest page {traffic.slowest_page:.1f} s, post {traffic.slowest_post:.1f} s)",
        traffic.requests,
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


EDIT = """
import time
from core.models import SiteSettings
site = SiteSettings.objects.get()
site.name_en = "MARK"
site.save()
print("committed", time.time())
"""


def test_an_edit_is_seen_everywhere_within_a_second_and_a_half(healthy, report):
    """The edit is made on the machine of the first node; the other finds it in the database."""
    late: dict[str, float] = {}
    asked: Counter[str] = Counter()
    places = {
        "the node of the edit": healthy.nodes[0].url,
        "the other node": healthy.nodes[1].url,
        "nginx": healthy.url,
    }
    for round_ in range(3):
        mark = f"Mark {round_} {secrets.token_hex(4)}"
        done = threading.Event()
        #: When each place last showed the page without the mark.
        last_old: dict[str, float] = {}

        def look(name: str, mark=mark, done=done, last_old=last_old) -> None:
            while not done.is_set():
                begun = time.time()
                body = answer(f"{places[name]}/en/", Host=healthy.url[7:])[2].decode()
                asked[name] += 1
                if mark not in body:
                    last_old[name] = begun
                time.sleep(0.01)

        threads = [threading.Thread(target=look, args=(name,)) for name in places]
        for thread in threads:
            thread.start()
        output = healthy.manage("shell", "-v", "0", "-c", EDIT.replace("MARK", mark))
        time.sleep(2)
        done.set()
        for thread in threads:
            thread.join()
        committed = float(output.split()[-1])
        for name in places:
            late[name] = max(late.get(name, 0.0), last_old[name] - committed)
    for name, seconds in late.items():
        report.add(f"edit seen at {name}", asked[name], 0, 0, max(seconds, 0.0))
    assert late["the node of the edit"] <= 1
    assert late["the other node"] <= 1
    assert late["nginx"] <= 1.5
