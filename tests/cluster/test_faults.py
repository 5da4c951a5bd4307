"""Each fault under load. The pass lines are those of ``docs/reliability.md``.

``CLUSTER_PAGES`` and ``CLUSTER_POSTS`` say how many requests each of the larger tests makes.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest

from tests.cluster.nodes import NEWER_SETTINGS, until
from tests.cluster.proxy import answer
from tests.cluster.traffic import visitors
from tests.faults.mail_server import ACCEPT, HANG, REFUSE
from tests.faults.processes import children
from tests.faults.visitors import filled_form, post

SERVERS = Path(os.environ.get("TEST_SERVERS", "."))
PAGES = int(os.environ.get("CLUSTER_PAGES", "600"))
POSTS = int(os.environ.get("CLUSTER_POSTS", "250"))
KILLS = int(os.environ.get("CLUSTER_KILLS", "4"))
HANG_SECONDS = float(os.environ.get("CLUSTER_HANG", "8"))


@contextlib.contextmanager
def frozen(pids: list[int]) -> Iterator[None]:
    """SIGSTOP until the block ends."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def family(pid_file: str) -> list[int]:
    """A server and its processes."""
    parent = int((SERVERS / pid_file).read_text().split()[0])
    return [parent, *children(parent)]


@contextlib.contextmanager
def stopped(pid_file: str, number: signal.Signals) -> Iterator[None]:
    """End the server of ``pid_file``; start it again as it was when the block ends."""
    pid = family(pid_file)[0]
    process = Path(f"/proc/{pid}")
    owner = process.stat().st_uid
    command = [word for word in (process / "cmdline").read_bytes().decode().split("\0") if word]
    if pid_file.startswith("pg/"):
        command = shlex.split((SERVERS / "pg" / "postmaster.opts").read_text())
    else:
        port = command[-1].rpartition(":")[2]
        command = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", ""]
        command += ["--pidfile", str(SERVERS / pid_file), "--daemonize", "yes"]
        command += ["--dir", str(SERVERS)]
    os.kill(pid, number)
    until(lambda: not process.exists())
    try:
        yield
    finally:
        subprocess.Popen(
            command,
            user=owner if os.geteuid() == 0 else None,
            extra_groups=[] if os.geteuid() == 0 else None,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def readiness(node) -> tuple[int, dict, float]:
    begun = time.monotonic()
    status, _headers, body = answer(f"{node.url}/readyz")
    return status, json.loads(body), time.monotonic() - begun


def is_stored(cluster) -> bool:
    key = secrets.token_urlsafe(16)
    with contextlib.suppress(OSError):
        return post(cluster.url, *filled_form(cluster.key_folder, key, 1))[0] == 303
    return False


def failed_pages(cluster) -> Counter[int]:
    """What every address of the sitemap is answered, but for 200."""
    found = Counter(
        answer(f"{cluster.url}{address}", Accept_Encoding="gzip")[0]
        for address in cluster.addresses
    )
    del found[200]
    return found


def refuse_in_words(cluster) -> None:
    """A form that cannot be stored comes back as 503 with what was typed and whom to call."""
    key = secrets.token_urlsafe(16)
    status, _location, page = post(cluster.url, *filled_form(cluster.key_folder, key, 1))
    assert status == 503
    assert f"Key {key}" in page.decode()
    assert b"mailto:" in page


# --- mail comes first: later tests leave the worker with thousands


def test_mails_wait_for_a_server_that_is_down(healthy, report):
    healthy.mails.mode = REFUSE
    with visitors(healthy, 0, 20) as traffic:
        pass
    healthy.mails.mode = HANG
    with visitors(healthy, 0, 10) as hanging:
        pass
    slowest = max(traffic.slowest_post, hanging.slowest_post)
    time.sleep(3)
    healthy.mails.mode = ACCEPT
    healthy.mails.unhang.set()
    begun = time.monotonic()

    def unsent() -> int:
        return healthy.rows("SELECT count(*) FROM inquiries_outgoingmail WHERE status <> 'sent'")[
            0
        ][0]

    until(lambda: unsent() == 0, 100)
    sent = healthy.rows("SELECT message_id FROM inquiries_outgoingmail")
    report.add(
        f"mail server refuses, then hangs ({len(sent)} mails, slowest post {slowest:.1f} s)",
        traffic.requests + hanging.requests,
        traffic.failed + hanging.failed,
        sum(not healthy.mails.taken[message_id] for (message_id,) in sent),
        time.monotonic() - begun,
    )
    assert traffic.failed + hanging.failed == 0
    assert all(healthy.mails.taken[message_id] == 1 for (message_id,) in sent)
    assert slowest < 5


# --- nodes


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


def test_workers_are_replaced_on_both_nodes_at_once(healthy, report):
    """What ``systemctl reload portal-web`` does, where there is one node only."""
    with visitors(healthy, PAGES // 2, POSTS // 2) as traffic:
        time.sleep(0.5)
        before = {pid for node in healthy.nodes for pid in children(node.pid)}
        for node in healthy.nodes:
            os.kill(node.pid, signal.SIGHUP)
        slowest = until(
            lambda: not before & {pid for node in healthy.nodes for pid in children(node.pid)}, 40
        )
        for node in healthy.nodes:
            node.wait_until_up()
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
        with frozen([node.pid, *children(node.pid)]):
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


# --- what the nodes need


def test_redis_is_stopped_and_hangs(healthy, report):
    for name, broken in (
        ("Redis stopped", lambda: stopped("redis.pid", signal.SIGTERM)),
        ("Redis hangs", lambda: frozen(family("redis.pid"))),
    ):
        with visitors(healthy, PAGES // 2, POSTS // 5) as traffic, broken():
            time.sleep(2)
        lost = traffic.lost(healthy)
        report.add(name, traffic.requests, traffic.failed, lost, "–")
        assert traffic.failed == 0, traffic.said()
        assert lost == 0


@pytest.mark.parametrize("fault", ["stopped", "hangs"])
def test_postgresql_is_away(healthy, report, fault):
    if fault == "stopped":
        broken = stopped("pg/postmaster.pid", signal.SIGINT)
    else:
        broken = frozen(family("pg/postmaster.pid"))
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
    report.add(
        f"PostgreSQL {fault}: every page of the sitemap",
        len(healthy.addresses),
        failed.total(),
        0,
        recovered,
    )
    assert failed.total() == 0, failed
    until(lambda: readiness(healthy.nodes[0])[0] == 200)


def test_postgresql_is_killed_under_load(healthy, report):
    with visitors(healthy, PAGES // 2, POSTS // 2) as traffic:
        time.sleep(1)
        with stopped("pg/postmaster.pid", signal.SIGQUIT):
            time.sleep(1)
        recovered = until(lambda: is_stored(healthy), 30)
        time.sleep(1)
    lost = traffic.lost(healthy)
    asked_again = traffic.posts["503"]
    report.add(
        f"PostgreSQL killed ({asked_again} posts told to try again)",
        traffic.requests,
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
    with frozen(family("s3.pid")), visitors(healthy, PAGES // 2, POSTS // 10) as traffic:
        begun = time.monotonic()
        assert answer(f"{healthy.url}{known}")[0] == 200
        assert answer(f"{healthy.url}{unknown}")[0] in {503, 504}
        assert time.monotonic() - begun < 15
    recovered = until(lambda: answer(f"{healthy.url}{unknown}")[0] == 200)
    lost = traffic.lost(healthy)
    report.add(
        f"S3 hangs (slowest page {traffic.slowest_page:.1f} s)",
        traffic.requests,
        traffic.failed,
        lost,
        recovered,
    )
    assert traffic.failed == 0, traffic.said()
    assert lost == 0


def put(*paths: str) -> None:
    """Pictures in the bucket, as an upload leaves them."""
    endpoint = "http://" + os.environ["MEDIA_STORAGE_URL"].rpartition("@")[2].partition("/")[0]
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )
    for path in paths:
        client.put_object(Bucket="portal", Key=path.strip("/"), Body=b"RIFF")


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
        "all nodes down: every page of the sitemap",
        len(healthy.addresses),
        failed.total(),
        0,
        recovered,
    )
    assert failed.total() == 0, failed
    assert status == 503
    assert "was not stored" in page.decode()


# --- machines


def test_a_disk_is_full(healthy, report):
    """The disk of the first node, with all that it writes; the database has its own."""
    node = healthy.nodes[0]
    if os.geteuid() != 0:
        pytest.skip("only root can make a disk of its own")
    node.stop()
    beside = node.folder.with_name("node-1-kept")
    node.folder.rename(beside)
    node.folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "none", str(node.folder)], check=False
    )
    if mounted.returncode:
        node.folder.rmdir()
        beside.rename(node.folder)
        pytest.skip("no disk can be mounted here")
    try:
        shutil.copytree(beside, node.folder, dirs_exist_ok=True)
        node.start()
        node.wait_until_up()
        ballast = node.folder / "ballast"
        with contextlib.suppress(OSError), open(ballast, "wb") as file:
            while True:
                file.write(b"x" * 65536)
        until(lambda: readiness(node)[1]["disk"] == "full", 5)
        assert readiness(node)[0] == 503
        with visitors(healthy, PAGES // 2, POSTS // 5) as traffic:
            pass
        ballast.unlink()
        recovered = until(lambda: readiness(node)[0] == 200)
    finally:
        node.stop()
        subprocess.run(["umount", str(node.folder)], check=True)
        node.folder.rmdir()
        beside.rename(node.folder)
    node.start()
    node.wait_until_up()
    lost = traffic.lost(healthy)
    report.add("disk of a node full", traffic.requests, traffic.failed, lost, recovered)
    assert traffic.failed == 0, traffic.said()
    assert lost == 0


@pytest.mark.parametrize("skew", ["-10m", "+10m"])
def test_clocks_are_ten_minutes_apart(healthy, report, skew):
    if not shutil.which("faketime"):
        pytest.skip("faketime is not installed")
    node = healthy.nodes[1]
    node.stop()
    node.start(prefix=("faketime", "-f", skew))
    node.wait_until_up()
    try:
        with visitors(healthy, PAGES // 4, POSTS // 5) as traffic:
            pass
    finally:
        node.stop()
        node.start()
        node.wait_until_up()
    lost = traffic.lost(healthy)
    quarantined = healthy.rows(
        "SELECT count(*) FROM inquiries_inquiry WHERE submission_key = ANY(%s) AND stage = 'spam'",
        list(traffic.acknowledged),
    )[0][0]
    report.add(
        f"clock of a node {skew} ({quarantined} inquiries taken for spam)",
        traffic.requests,
        traffic.failed,
        lost,
        "–",
    )
    assert traffic.failed == 0, traffic.said()
    assert (lost, quarantined) == (0, 0)


# --- an edit


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
