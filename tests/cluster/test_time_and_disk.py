"""A node whose disk is full or whose clock is wrong."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess

import pytest

from tests.cluster.faults import SOME_PAGES, SOME_POSTS, readiness
from tests.cluster.nodes import until
from tests.cluster.traffic import visitors


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
        with visitors(healthy, SOME_PAGES, SOME_POSTS) as traffic:
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
    report.add("disk of a node full", traffic.counted(), traffic.failed, lost, recovered)
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
        with visitors(healthy, SOME_PAGES, SOME_POSTS) as traffic:
            pass
    finally:
        node.stop()
        node.start()
        node.wait_until_up()
    lost = traffic.lost(healthy)
    quarantined = healthy.rows(
        "SELECT count(*) FROM inquiries_inquiry WHERE submission_key = ANY(%s) AND status = 'spam'",
        list(traffic.acknowledged),
    )[0][0]
    report.add(
        f"clock of a node {skew} ({quarantined} inquiries taken for spam)",
        traffic.counted(),
        traffic.failed,
        lost,
        "–",
    )
    assert traffic.failed == 0, traffic.said()
    assert (lost, quarantined) == (0, 0)
