"""The processes of a running portal, by pid; only those that it started itself."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path


def children(pid: int) -> list[int]:
    """Pids of the direct children of ``pid``."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            # The name in brackets may hold spaces, so count from its end.
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                found.append(int(folder.name))
    return found


def started(pid: int) -> int:
    """When ``pid`` began, in ticks since the machine was started."""
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    return 0


def is_at_work(pid: int) -> bool:
    """Whether a worker of granian has loaded the portal: only then it starts its threads."""
    with contextlib.suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/task")) > 1
    return False


def command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def web_server(supervisor: int) -> int:
    """granian's own process, whose children are the workers."""
    return next(pid for pid in children(supervisor) if "granian" in command(pid))


def task_worker(supervisor: int) -> int:
    return next(pid for pid in children(supervisor) if "run_worker" in command(pid))


@contextlib.contextmanager
def killing(parent: int, every: tuple[float, float]) -> Iterator[list[int]]:
    """SIGKILL one of ``parent``'s children at random moments until the block ends.

    Yields the list of those killed so far. ``every`` is the shortest and longest pause in seconds.
    The one that lives longest is killed: granian takes a worker that dies twice within 5.5 seconds
    for one that cannot start, and ends. Not before the others have started: on a busy machine that
    takes longer than ``every``, and workers that are all killed while they start answer nobody.
    """
    killed: list[int] = []
    done = threading.Event()

    def kill() -> None:
        while not done.wait(random.uniform(*every)):
            found = sorted(children(parent), key=started)
            if found and all(map(is_at_work, found)):
                victim = found[0]
                with contextlib.suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    killed.append(victim)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        done.set()
        thread.join()
        time.sleep(0.1)
