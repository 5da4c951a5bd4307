"""What the portal needs, asked side by side and never waited for: one plain word for each part.

Each question runs in a thread of its own. One that gets no answer in time goes on waiting there,
alone: while it does, it is not asked again, and the answer is that there is none.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import Error, connection

from core import read_only
from core.heartbeat import worker_state
from core.pending_migrations import pending_migrations

#: For all questions together. With the time to answer it stays well below two seconds.
ANSWER_WITHIN = 1.0
#: Below this share of free room the next writes may fail.
LEAST_FREE = 0.05

Words = Mapping[str, str]
#: What a question brings: words here, numbers elsewhere.
Found = Mapping[str, Any]


@dataclass
class Question:
    """Something to ask, and what to say when there is no answer."""

    ask: Callable[[], Found]
    without_answer: Found
    _thread: Thread | None = None
    _answer: Found = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def begin(self) -> None:
        """Ask, unless an earlier asking still waits."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._answer = {}
                self._thread = Thread(target=self._run, daemon=True)
                self._thread.start()

    def answer(self, deadline: float) -> Found:
        """What came back by ``deadline`` (monotonic seconds)."""
        if self._thread is not None:
            self._thread.join(max(0.0, deadline - time.monotonic()))
        return self._answer or self.without_answer

    def _run(self) -> None:
        try:
            self._answer = self.ask()
        except (Error, OSError):
            # Never the driver's message, which may name hosts.
            self._answer = self.without_answer
        finally:
            connection.close()


def ask_database() -> Words:
    """Two queries."""
    pending = pending_migrations()
    return {
        "database": "ok",
        "migrations": "pending" if pending else "ok",
        "worker": "paused" if read_only.is_on() else worker_state(),
    }


def ask_cache() -> Words:
    """``"degraded"`` while memory stands in for Redis."""
    # Asked by name: importing the class would load redis where no Redis is used.
    is_reachable = getattr(caches["default"], "is_reachable", None)
    return {"cache": "ok" if is_reachable is None or is_reachable() else "degraded"}


def ask_disk() -> Words:
    """Room for the database, for uploads, for the log of writes."""
    return {"disk": "ok" if free_share() >= LEAST_FREE else "full"}


def free_share() -> float:
    """Free part of the disk that the portal writes to, 0 to 1."""
    usage = shutil.disk_usage(settings.DATA_DIR)
    return usage.free / usage.total


QUESTIONS = (
    Question(
        ask_database, {"database": "unavailable", "migrations": "unknown", "worker": "unknown"}
    ),
    Question(ask_cache, {"cache": "degraded"}),
    Question(ask_disk, {"disk": "unknown"}),
)


def readiness() -> dict[str, str]:
    """A word for each part, within ``ANSWER_WITHIN`` seconds."""
    for question in QUESTIONS:
        question.begin()
    deadline = time.monotonic() + ANSWER_WITHIN
    words: dict[str, str] = {}
    for question in QUESTIONS:
        words.update(question.answer(deadline))
    words["mode"] = "read-only" if read_only.is_on() else "normal"
    return words


def is_ready(words: Words) -> bool:
    """Whether a load balancer should send visitors here.

    A missing Redis does not make the portal unready, since memory stands in, and neither does a
    silent worker, since inquiries are stored all the same; nor does maintenance, since pages can
    be read.
    """
    return (words["database"], words["migrations"], words["disk"]) == ("ok", "ok", "ok")
