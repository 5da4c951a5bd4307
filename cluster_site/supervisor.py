"""Runs the web server and the task worker together: ``python -m cluster_site.supervisor``.

Both live and die as one: without the worker an inquiry would be stored and never mailed, and
nobody would see it. Ctrl-C or SIGTERM stops both; when one ends by itself the other is stopped
too, and the exit code is not 0. With ``METRICS_PORT`` a third program answers Prometheus; that one
is started again when it ends. On larger installations systemd does this instead (one unit each).
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from django.conf import settings

from cluster_site.environment import SettingError, reachable_host

START_TIME = 30.0  # seconds the server may take to its first answer
STOP_TIME = 10.0  # seconds for requests and tasks to end before they are killed
PAUSE = 10.0  # seconds between two starts of a part that the others do without
PR_SET_PDEATHSIG = 1
AUTOGROUP = Path("/proc/self/autogroup")
#: Loaded before any fork: little may be done between it and the new program.
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
#: Mails can wait for a second; visitors who share the processors should not.
WORKER_NICENESS = 5


@dataclass
class Part:
    """One of the programs, in a process group of its own."""

    name: str
    command: list[str]
    #: Whether the others end with it. One that is not is started again.
    is_vital: bool = True
    #: How far it steps back for the others, as of ``nice``.
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        # A group of its own: a Ctrl-C in the terminal reaches only the supervisor, which then
        # stops the parts in order.
        self.process = subprocess.Popen(  # noqa: S603
            self.command, start_new_session=True, preexec_fn=self._before_program
        )

    def _before_program(self) -> None:
        if self.niceness:
            step_back(self.niceness)
        end_with_parent()

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.poll() if self.process else 0

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait until ``deadline`` (monotonic seconds), then kill whatever is left of it."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"The {self.name} did not stop in {STOP_TIME:.0f} s and is killed.")
        # Also workers that outlived a server which was killed: they would hold the port.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def step_back(niceness: int) -> None:
    """Leave the processors to others. Linux shares them out between sessions first, then within."""
    os.nice(niceness)
    with contextlib.suppress(OSError):
        AUTOGROUP.write_text(str(niceness))


def end_with_parent() -> None:
    """On Linux: have the kernel end a part whose supervisor was killed. Elsewhere nothing."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def parts() -> list[Part]:
    """Web server, task worker and, if wanted, figures, as commands of this interpreter."""
    manage = (sys.executable, "manage.py")
    figures = Part("metrics exporter", [*manage, "serve_metrics"], is_vital=False)
    return [
        Part("web server", server_command()),
        Part(
            "task worker",
            [
                *(*manage, "run_worker"),
                *("--queue-name", "*"),
                "--no-startup-delay",
                # They would slow down the start of the server, which shares the processor.
                "--skip-checks",
            ],
            niceness=WORKER_NICENESS,
        ),
        *([figures] if settings.METRICS_PORT else []),
    ]


def server_command() -> list[str]:
    """granian in WSGI mode. Few threads: each costs memory, and a page takes milliseconds."""
    return [
        sys.executable,
        *("-m", "granian", "cluster_site.wsgi:application"),
        *("--interface", "wsgi"),
        *("--host", settings.SERVER_HOST),
        *("--port", str(settings.SERVER_PORT)),
        *("--workers", str(settings.SERVER_WORKERS)),
        *("--blocking-threads", str(settings.SERVER_THREADS)),
        *("--http", "1"),
        "--no-ws",
        "--respawn-failed-workers",
        *("--respawn-interval", "0.5"),
        *("--workers-kill-timeout", str(int(STOP_TIME) - 2)),
        # Slow senders of headers must not keep connections forever.
        *("--http1-header-read-timeout", "10000"),
        *("--log-level", "warning"),
    ]


def refuse_used_port(host: str, port: int) -> None:
    """Exit with one line if nothing can listen there; granian would show a traceback."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        sys.exit(f"Port {port} needs special rights: choose another, as in PORT=8000 make run")
    except socket.gaierror:
        sys.exit(f"HOST is {host!r}: no such host; write 127.0.0.1, or 0.0.0.0 for all networks")
    except OSError as error:
        sys.exit(
            f"Cannot listen on {host} port {port} ({error.strerror}): choose another port, "
            f"as in PORT={port + 1 if port < 65535 else 8000} make run"
        )


def answers(host: str, port: int) -> bool:
    """Whether somebody listens. Says nothing about the pages: those have tests."""
    try:
        with socket.create_connection((reachable_host(host).strip("[]"), port), timeout=1):
            return True
    except OSError:
        return False


class Supervisor:
    """Starts the parts, watches them, and stops them together."""

    def __init__(self, watched: list[Part]) -> None:
        self.parts = watched
        self.is_asked_to_stop = False
        self.begin_again_at = 0.0

    def ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.is_asked_to_stop = True

    def run(self, is_up: Callable[[], bool], greeting: str) -> int:
        """Exit code: 0 after a signal, 1 when a part ended by itself or never answered."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        try:
            for part in self.parts:
                part.start()
            return self._watch(is_up, greeting)
        finally:
            self.stop()

    def _watch(self, is_up: Callable[[], bool], greeting: str) -> int:
        started, is_greeted = time.monotonic(), False
        while not self.is_asked_to_stop:
            for part in self.parts:
                code = part.exit_code()
                if code is None:
                    continue
                if part.is_vital:
                    others = " and ".join(
                        other.name for other in self.parts if other.is_vital and other is not part
                    )
                    say(f"The {part.name} ended ({ending(code)}): the {others} is stopped too.")
                    return 1
                if time.monotonic() >= self.begin_again_at:
                    say(f"The {part.name} ended ({ending(code)}): it is started again.")
                    self.begin_again_at = time.monotonic() + PAUSE
                    part.start()
            if not is_greeted and is_up():
                say(greeting)
                is_greeted = True
            if not is_greeted and time.monotonic() - started > START_TIME:
                say(f"The web server did not answer within {START_TIME:.0f} s: see above for why.")
                return 1
            time.sleep(0.1)
        say("Stopping.")
        return 0

    def stop(self) -> None:
        deadline = time.monotonic() + STOP_TIME
        for part in self.parts:
            part.ask_to_stop()
        for part in self.parts:
            part.stop(deadline)


def ending(code: int) -> str:
    """``"exit code 3"``, or ``"signal 9"`` for Popen's negative codes."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_site.settings")
    try:
        host, port = settings.SERVER_HOST, settings.SERVER_PORT
    except SettingError as error:
        sys.exit(f"Setting refused: {error}")
    os.chdir(settings.BASE_DIR)
    refuse_used_port(host, port)
    address = f"http://{reachable_host(host)}:{port}/"
    greeting = f"\nThe portal is at {address} (the desk at {address}admin/). Ctrl-C stops it."
    return Supervisor(parts()).run(lambda: answers(host, port), greeting)


if __name__ == "__main__":
    sys.exit(main())
