"""What a process counts, and how the exporter of the machine learns of it.

Counting is adding to plain numbers in the memory of the process. Every other second a thread
writes them into a file of the process below ``DATA_DIR/metrics``, where ``manage.py
serve_metrics`` adds up those of all processes. So a request costs microseconds, and Prometheus
never asks a process that is busy with visitors. Without ``METRICS_PORT`` nothing is counted.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Thread

from django.conf import settings

#: Upper ends of the classes of durations, in seconds; one more class is open above.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
WRITE_EVERY = 2.0  # seconds

Read = Callable[[], Mapping[str, int]]


class Metrics:
    """The counts of one process."""

    def __init__(self) -> None:
        self._forget()
        # A child that was forked begins at nothing, with a thread and a file of its own.
        os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        #: By method, route and class of status ("2xx").
        self.requests: Counter[tuple[str, str, str]] = Counter()
        #: By route: how many fell into each class, then microseconds in all.
        self.durations: dict[str, list[int]] = {}
        self._watched: dict[str, Read] = getattr(self, "_watched", {})
        self._writer: Thread | None = None
        self._file_name = ""
        self._written = ""

    def watch(self, name: str, read: Read) -> None:
        """Let ``read`` say further counts of this process, whenever they are written."""
        self._watched[name] = read

    def count_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A few microseconds; nothing without ``METRICS_PORT``."""
        if not settings.METRICS_PORT:
            return
        if self._writer is None:
            self.begin_to_write()
        # A method may be any word that a visitor likes.
        known = method if method in METHODS else "other"
        self.requests[known, route, f"{status // 100}xx"] += 1
        row = self.durations.get(route)
        if row is None:
            row = self.durations.setdefault(route, [0] * (len(BUCKETS) + 2))
        row[bisect_left(BUCKETS, seconds)] += 1
        row[-1] += int(seconds * 1_000_000)

    def begin_to_write(self) -> None:
        """Start the thread; at a request and not before, because no thread outlives a fork."""
        # Not the number alone: after a restart another process may have the same one.
        self._file_name = f"{os.getpid()}-{time.time_ns():x}.json"
        self._writer = Thread(target=self._write_for_ever, name="metrics", daemon=True)
        self._writer.start()

    def snapshot(self) -> dict[str, dict[str, int] | dict[str, list[int]]]:
        """All counts under names that can be written down."""
        return {
            "requests": {" ".join(key): count for key, count in list(self.requests.items())},
            "durations": {route: list(row) for route, row in list(self.durations.items())},
            **{name: dict(read()) for name, read in self._watched.items()},
        }

    def write(self) -> None:
        """Write the file of this process, if anything has changed."""
        text = json.dumps(self.snapshot())
        if text == self._written:
            return
        file = counts_folder() / self._file_name
        # On a full disk the figures stand still; the exporter itself tells how full it is.
        with contextlib.suppress(OSError):
            file.parent.mkdir(exist_ok=True)
            unfinished = file.with_suffix(".new")
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(file)
            self._written = text

    def _write_for_ever(self) -> None:
        while True:
            time.sleep(WRITE_EVERY)
            self.write()


def counts_folder() -> Path:
    """Where the processes of this machine leave their counts."""
    return settings.DATA_DIR / "metrics"


metrics = Metrics()
