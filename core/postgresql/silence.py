"""Whether a PostgreSQL server that says nothing is busy or hangs.

A stopped server keeps its connections: the kernel goes on taking packets for it, so no timeout of
TCP ends, and the server's own limits (``statement_timeout``) stand still with it. A page would wait
for ever, and a few such pages hold every thread. So a statement that has been silent for a while
asks the server, by a connection of its own, the first question of the protocol. A busy server
answers it at once; one that does not is left alone for a while.
"""

from __future__ import annotations

import logging
import socket
import struct
import time
from collections.abc import Callable, Generator
from contextlib import closing
from threading import Lock

logger = logging.getLogger(__name__)

SILENT_AFTER = 0.7  # seconds without a word until the server is asked
ANSWER_WITHIN = 0.8  # seconds for its answer
LONGEST_PAUSE = 30.0  # seconds between two questions during a long statement
LEFT_ALONE = 5.0  # seconds without a new attempt
#: "May I use encryption?": the only message that is answered before a login, by one letter.
SSL_REQUEST = struct.pack("!ii", 8, 80877103)


class Server:
    """One server, as this process found it."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._left_alone_until = 0.0
        self._is_silent = False
        self._lock = Lock()

    @property
    def is_left_alone(self) -> bool:
        return time.monotonic() < self._left_alone_until

    def answers(self) -> bool:
        """Ask now. True also for a server that refuses: that is an answer."""
        try:
            with closing(self._connect()) as connection:
                connection.sendall(SSL_REQUEST)
                connection.recv(1)
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def may_be_asked(self) -> bool:
        """Before a login: False while the server is left alone, or if it is still silent.

        Of several threads that come after the pause, one asks; the others do not wait for it.
        """
        if self.is_left_alone or not self._lock.acquire(blocking=False):
            return not self._is_silent
        try:
            if self.answers():
                self._is_silent = False
                return True
            self.leave_alone()
            return False
        finally:
            self._lock.release()

    def leave_alone(self) -> None:
        """Begin a pause in which nobody waits for this server."""
        if not self._is_silent:
            logger.error("The database does not answer: it is left alone for a while")
        self._is_silent = True
        self._left_alone_until = time.monotonic() + LEFT_ALONE

    def _connect(self) -> socket.socket:
        if self.host.startswith("/"):
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.settimeout(ANSWER_WITHIN)
                connection.connect(f"{self.host}/.s.PGSQL.{self.port}")
            except OSError:
                connection.close()
                raise
            return connection
        return socket.create_connection((self.host, self.port), timeout=ANSWER_WITHIN)


_servers: dict[tuple[str, int], Server] = {}


def server_at(host: str, port: int) -> Server:
    """The same object for all threads: what one found out holds for all."""
    return _servers.setdefault((host, port), Server(host, port))


def watched(
    steps: Generator, server: Server, give_up: Callable[[], Exception], left: float = SILENT_AFTER
) -> Generator:
    """``steps`` of psycopg, ended by ``give_up()`` when the server has fallen silent.

    psycopg hands each step a number: which of reading and writing is possible, or 0 when a tenth
    of a second has passed without either.
    """
    try:
        state = next(steps)
    except StopIteration as end:
        return end.value
    pause, deadline = left, time.monotonic() + left
    while True:
        ready = yield state
        if ready:
            pause, deadline = left, time.monotonic() + left
        elif time.monotonic() > deadline:
            if not server.answers():
                server.leave_alone()
                raise give_up()
            pause = min(pause * 2, LONGEST_PAUSE)
            deadline = time.monotonic() + pause
        try:
            state = steps.send(ready)
        except StopIteration as end:
            return end.value
