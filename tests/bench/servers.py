"""Servers to compare, each pinned to one core, and what their processes cost."""

from __future__ import annotations

import getpass
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.browser.running_portal import (
    PROJECT,
    environment,
    fetch,
    free_port,
    wait_until_up,
)
from tests.faults.processes import children

SERVER_CORE, CLIENT_CORE = "0", "1"
TICKS = os.sysconf("SC_CLK_TCK")
GZIP = "Accept-Encoding: gzip"


@dataclass(frozen=True)
class Server:
    """One that runs, and the address of it that is measured."""

    name: str
    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """Of all its processes so far."""
        return sum(map(_cpu_seconds, family(self.pid)))

    def megabytes(self) -> float:
        """Resident memory of its largest process."""
        return max(map(resident_megabytes, family(self.pid)))


@dataclass(frozen=True)
class Load:
    """What one round of wrk gave."""

    requests: int
    seconds: float
    cpu_seconds: float
    p99_ms: float
    errors: int

    @property
    def per_cpu_second(self) -> float:
        return self.requests / self.cpu_seconds

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def family(pid: int) -> list[int]:
    """``pid`` and all processes below it."""
    return [pid, *(member for child in children(pid) for member in family(child))]


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_megabytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def load(server: Server, seconds: float, *options: str, header: str = GZIP) -> Load:
    """Ask ``server`` from the other core, sixteen connections at once."""
    before = server.cpu_seconds()
    done = subprocess.run(
        [
            *("taskset", "-c", CLIENT_CORE, "wrk", "-t1", "-c16", f"-d{seconds}s", "--latency"),
            *("-H", header, *options, server.url),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    used = server.cpu_seconds() - before
    requests, measured, unit = re.search(r"(\d+) requests in ([\d.]+)(m?s)", done).groups()
    slowest, slow_unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", done).groups()
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    broken = re.search(r"connect (\d+), read (\d+), write (\d+), timeout (\d+)", done)
    return Load(
        requests=int(requests),
        seconds=float(measured) / (1000 if unit == "ms" else 1),
        cpu_seconds=used,
        p99_ms=float(slowest) * {"us": 0.001, "ms": 1, "s": 1000}[slow_unit],
        errors=int(refused[1] if refused else 0) + sum(map(int, broken.groups() if broken else [])),
    )


@contextmanager
def portal(
    folder: Path, path: str, *, workers: int = 1, threads: int = 2, **more: str
) -> Iterator[Server]:
    """The portal's web server as ``make run`` starts it, without the task worker."""
    port = free_port(0)
    command = [
        *(sys.executable, "-m", "granian", "cluster_site.wsgi:application"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(threads)),
        *("--http", "1", "--no-ws", "--log-level", "warning"),
    ]
    with _running(command, folder, port, "kept page, granian", path, **more) as server:
        yield server


@contextmanager
def gunicorn(folder: Path, path: str, name: str, number: int = 1, **more: str) -> Iterator[Server]:
    """The common choice beside granian: one worker with four threads."""
    port = free_port(number)
    command = [
        *(sys.executable, "-m", "gunicorn", "cluster_site.wsgi:application"),
        *("--worker-class", "gthread", "--threads", "4", "--workers", "1"),
        *("--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--keep-alive", "60"),
    ]
    with _running(command, folder, port, name, path, **more) as server:
        yield server


@contextmanager
def hello_on_gunicorn(folder: Path) -> Iterator[Server]:
    """Thirteen bytes from a Django view behind the portal's middleware: the unit of comparison."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.bench.hello_settings"}
    with gunicorn(folder, "/hello", "hello, gunicorn", **settings) as server:
        yield server


@contextmanager
def static_file(folder: Path, content: bytes) -> Iterator[Server]:
    """The same bytes as a file, from nginx: as fast as this machine can be."""
    port = free_port(2)
    place = folder / "nginx"
    (place / "html").mkdir(parents=True, exist_ok=True)
    (place / "html" / "index.html").write_bytes(content)
    (place / "nginx.conf").write_text(
        f"""
        user {getpass.getuser()};  # Root's nginx would hand over to somebody who may not read here.
        pid {place}/pid; error_log {place}/error.log; daemon off; worker_processes 1;
        events {{ worker_connections 256; }}
        http {{
            access_log off; keepalive_requests 1000000; types {{ text/html html; }}
            client_body_temp_path {place}; proxy_temp_path {place}; fastcgi_temp_path {place};
            uwsgi_temp_path {place}; scgi_temp_path {place};
            server {{
                listen 127.0.0.1:{port};
                location / {{ root {place}/html; add_header Content-Encoding gzip; }}
            }}
        }}
        """,
        encoding="ascii",
    )
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    place.chmod(0o755)
    command = [nginx, "-p", str(place), "-c", str(place / "nginx.conf")]
    with _running(command, folder, port, "nginx, static file", "/index.html") as server:
        yield server


@contextmanager
def _running(
    command: list[str], folder: Path, port: int, name: str, path: str, **more: str
) -> Iterator[Server]:
    log = folder / f"{port}.log"
    with ExitStack() as stack:
        output = stack.enter_context(open(log, "wb"))
        process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, *command],
            cwd=PROJECT,
            env=environment(folder, HOST="127.0.0.1", PORT=str(port), **more),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_up(process, f"{url}{path}", log)
            fetch(f"{url}{path}", encoding="gzip")
            yield Server(name, f"{url}{path}", process.pid)
        finally:
            process.terminate()
            process.wait(30)
