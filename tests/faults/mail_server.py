"""A mail server that can be told to refuse, to hang, or to close after it has taken a mail."""

from __future__ import annotations

import contextlib
import email
import socket
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator

ACCEPT, REFUSE, HANG, DROP = "accept", "refuse", "hang", "drop"


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as a client needs; ``mode`` may change at any time."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.mode = ACCEPT
        self.lock = threading.Lock()
        #: Message-ID → how often it was taken, also when the connection was closed afterwards.
        self.taken: Counter[str] = Counter()
        self.drops = 0
        #: Connections that were left without a word.
        self.hanging = 0
        self.unhang = threading.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.talk()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def talk(self) -> None:
        if self.server.mode == HANG:
            with self.server.lock:
                self.server.hanging += 1
            self.server.unhang.wait(60)
            return
        if self.server.mode == REFUSE:
            self.say("421 busy")
            return
        self.say("220 mail.example.org")
        while line := self.rfile.readline():
            word = line.decode("utf-8", "replace").strip().upper()
            if word.startswith("EHLO"):
                self.say("250 mail.example.org")
            elif word.startswith("DATA"):
                self.say("354 go on")
                self.take()
                if self.server.mode == DROP:
                    with self.server.lock:
                        self.server.drops += 1
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.say("250 taken")
            elif word.startswith("QUIT"):
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        message = email.message_from_bytes(b"".join(lines))
        with self.server.lock:
            self.server.taken[message["Message-ID"]] += 1


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.unhang.set()
            server.shutdown()
            thread.join()
