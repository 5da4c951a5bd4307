"""One making of a page at a time, however many ask for it at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Event, Lock

#: Addresses whose answers may not be kept: nobody waits for anybody there.
MOST_UNKEPT = 1000


class Flights:
    """Who makes which page now."""

    def __init__(self) -> None:
        self._running: dict[Hashable, Event] = {}
        self._unkept: OrderedDict[Hashable, None] = OrderedDict()
        self._lock = Lock()

    def join(self, key: Hashable) -> Event | None:
        """None: the caller makes the page, and must call ``land``. Else what to wait for."""
        with self._lock:
            running = self._running.get(key)
            if running is None and key not in self._unkept:
                self._running[key] = Event()
            return None if key in self._unkept else running

    def land(self, key: Hashable, *, is_kept: bool) -> None:
        """The page is made; those who wait go on."""
        with self._lock:
            running = self._running.pop(key, None)
            if is_kept:
                self._unkept.pop(key, None)
            else:
                self._unkept[key] = None
                if len(self._unkept) > MOST_UNKEPT:
                    self._unkept.popitem(last=False)
        if running:
            running.set()
