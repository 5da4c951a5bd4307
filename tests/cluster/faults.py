"""Breaking servers, by pid file only, and asking what still works.

``CLUSTER_REQUESTS`` says how many pages, and as many forms, are asked for while a node is killed,
while nodes restart and during an upgrade. Other faults make do with a part of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shlex
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.cluster.nodes import until
from tests.cluster.proxy import answer
from tests.faults.processes import children
from tests.faults.visitors import filled_form, post

SERVERS = Path(os.environ.get("TEST_SERVERS", "."))
REQUESTS = int(os.environ.get("CLUSTER_REQUESTS", "2500"))
SOME_PAGES, SOME_POSTS = max(220, REQUESTS // 10), max(30, REQUESTS // 50)
HANG_SECONDS = 8.0  # longer than nginx waits for a page


@contextlib.contextmanager
def frozen(pid_file: Path) -> Iterator[None]:
    """SIGSTOP the process of ``pid_file``, and those it began, until the block ends."""
    parent = int(pid_file.read_text().split()[0])
    # The parent first: it could begin another one meanwhile.
    os.kill(parent, signal.SIGSTOP)
    pids = [parent, *children(parent)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def stopped(pid_file: str, number: signal.Signals) -> Iterator[None]:
    """End the server of ``pid_file``; start it again as it was when the block ends."""
    pid = int((SERVERS / pid_file).read_text().split()[0])
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
    until(lambda: has_ended(pid))
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


def has_ended(pid: int) -> bool:
    """Also of one that an earlier test started, which nobody else asks how it ended."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    return not Path(f"/proc/{pid}").exists()


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
    """What every address of the sitemap is answered, but for 200 and for the form.

    The form has a token of its own for each visitor, so no copy of it can be kept. Who asks for it
    while nothing can be stored reads whom to call.
    """
    found = Counter(
        answer(f"{cluster.url}{address}", Accept_Encoding="gzip")[0]
        for address in cluster.addresses
        if not address.endswith("/inquiry/")
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
