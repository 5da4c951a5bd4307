"""Which state of the content is current, known without asking the database for each page.

Three things end a state, and the clock knows of each: a change on this machine (the mark in
``generation``), a change on another machine (a thread that looks into the database twice a
second), and a moment of a schedule or midnight (noted with the version). When the database is
away the last known state goes on for as long as none of these happens.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread

from django.db import Error, connection
from django.utils import timezone

from publishing.generation import Generation
from publishing.versions import Content, Version, next_change, read_version

logger = logging.getLogger(__name__)

#: Between two looks at the database. With ``STALE_SECONDS`` it stays below a second, the time
#: after which nobody may see an old page.
LOOK_EVERY = 0.4
#: So long after a change an old page may be shown while somebody else makes the new one.
STALE_SECONDS = 0.4
#: Between two questions to a database that gave no answer.
ASK_AGAIN_AFTER = 5.0


@dataclass(frozen=True, slots=True)
class Moment:
    """The state of the content as one process knows it. Times are seconds since 1970."""

    generation: bytes
    version: Version
    content: Content
    #: When the state ends by itself: a scheduled moment or midnight.
    ends_at: float
    #: The next scheduled moment alone.
    scheduled_at: float
    #: Until then, pages of the state before may still be shown.
    stale_until: float


class ContentClock:
    """The current ``Moment``. One for each process."""

    def __init__(self, generation: Generation, then: Callable[[], object] = lambda: None) -> None:
        """``then`` is what the thread does after each look."""
        self.generation = generation
        self._then = then
        self._moment: Moment | None = None
        self._lock = Lock()
        self._ask_after = 0.0
        self._watcher: Thread | None = None

    def moment(self) -> Moment | None:
        """None as long as it cannot be known because the database is away.

        One small query after a change; else a comparison of eight bytes and of two times.
        """
        moment = self._moment
        now = time.time()
        if moment and moment.generation == self.generation.name() and now < moment.ends_at:
            return moment
        return self._read(now)

    def _read(self, now: float) -> Moment | None:
        with self._lock:
            # The name is read before the version: a change in between is then noticed next time.
            name = self.generation.name()
            earlier = self._moment
            if earlier and earlier.generation == name and now < earlier.ends_at:
                return earlier  # another thread was faster
            if now < self._ask_after:
                return None
            try:
                version = read_version()
            except Error as error:
                logger.warning("The state of the content is unknown: %s", type(error).__name__)
                self._ask_after = now + ASK_AGAIN_AFTER
                return None
            self._moment = (
                _moment(name, version, self._changed_at(name, earlier)) if version else None
            )
            return self._moment

    def _changed_at(self, name: bytes, earlier: Moment | None) -> float:
        if earlier and earlier.generation == name:
            return earlier.ends_at
        return self.generation.changed_at()

    def watch(self) -> None:
        """Begin to look for changes of other machines, unless this process does so already.

        Called at the first request and not before, because a thread does not outlive a fork.
        """
        if self._watcher is None:
            self._watcher = Thread(target=self._look_for_ever, name="content clock", daemon=True)
            self._watcher.start()

    def _look_for_ever(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            self.look()
            self._then()

    def look(self) -> None:
        """Announce to this machine what another one, or a process that was killed, changed."""
        moment = self._moment
        if moment is None or moment.generation != self.generation.name():
            return  # the next request reads it anyway
        try:
            version = read_version()
        except Error:
            # What is known stays known. The connection may be broken: take a new one next time.
            connection.close()
            return
        if version and version != moment.version and self._moment is moment:
            self.generation.renew()


def _moment(generation: bytes, version: Version, changed_at: float) -> Moment:
    now = timezone.now()
    scheduled, midnight = next_change(version, now)
    scheduled_at = scheduled.timestamp() if scheduled else float("inf")
    return Moment(
        generation=generation,
        version=version,
        content=Content.of(version),
        ends_at=min(scheduled_at, midnight.timestamp()),
        scheduled_at=scheduled_at,
        stale_until=changed_at + STALE_SECONDS,
    )
