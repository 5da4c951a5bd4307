"""Nodes, worker and nginx as one cluster; each node has a folder of its own, as on a machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from cluster_site.supervisor import end_with_parent
from tests.browser.running_portal import PROJECT, environment, free_port, prepare
from tests.buckets import s3_client
from tests.cluster.proxy import Proxy, answer
from tests.faults.conftest import NO_LIMITS
from tests.faults.mail_server import MailServer, mail_server

SETTINGS = "cluster_site.settings"
NEWER_SETTINGS = "tests.cluster.newer_settings"
START_TIME = 40.0  # seconds


@dataclass
class Node:
    """One application server."""

    folder: Path
    port: int
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Of granian, from its pid file; its process group has the same number."""
        return int((self.folder / "node.pid").read_text())

    def start(self, settings: str = SETTINGS, prefix: tuple[str, ...] = ()) -> None:
        with open(self.folder.parent / f"{self.folder.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                [*prefix, sys.executable, "-m", "cluster_site.web"],
                cwd=PROJECT,
                env={**self.env, "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": settings},
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        (self.folder / "node.pid").write_text(str(self.process.pid))

    def is_up(self) -> bool:
        with contextlib.suppress(OSError):
            return answer(f"{self.url}/healthz")[0] == 200
        return False

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError):
            return answer(f"{self.url}/readyz")[0] == 200
        return False

    def wait_until_up(self) -> float:
        """Seconds it took."""
        return until(self.is_up, START_TIME)

    def send(self, number: signal.Signals) -> None:
        """To granian and its workers."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As systemd does: ask granian, wait for its end."""
        if self.process and self.process.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
            # Also a server whose parent was another program (faketime): it would share the port.
            self.kill()


@dataclass
class Cluster:
    folder: Path
    nodes: list[Node]
    proxy: Proxy
    mails: MailServer
    env: dict[str, str]
    addresses: list[str] = field(default_factory=list)
    #: Submission keys of what was sent while the mail server was down, and when it was back.
    mailless: list[str] = field(default_factory=list)
    mails_back_at: float = 0.0

    @property
    def url(self) -> str:
        return self.proxy.url

    @property
    def key_folder(self) -> Path:
        """Where the key lies that signs forms; all nodes have the same."""
        return self.nodes[0].folder

    def rows(self, query: str, *values: object) -> list[tuple]:
        """Read past Django."""
        with psycopg.connect(self.env["DATABASE_URL"]) as connection:
            return connection.execute(query, values).fetchall()

    def manage(self, *arguments: str, settings: str = SETTINGS) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env={**self.env, "DJANGO_SETTINGS_MODULE": settings},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def warm(self) -> None:
        """Ask nginx and each node for every address of the sitemap, as after a deployment."""

        def ask_for_all(place: str) -> None:
            for address in self.addresses:
                status, _headers, _body = answer(
                    f"{place}{address}", Accept_Encoding="gzip", Host=self.url[7:]
                )
                assert status == 200, (place, address, status)

        with ThreadPoolExecutor(len(self.nodes)) as pool:
            list(pool.map(ask_for_all, [node.url for node in self.nodes]))
        ask_for_all(self.url)


def until(condition, seconds: float = 30.0) -> float:
    """Seconds until ``condition()`` holds; an AssertionError if it takes too long."""
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() - begun < seconds, "did not recover"
        time.sleep(0.1)
    return time.monotonic() - begun


def behind_visitors() -> None:
    """As ``Nice=10`` of its unit."""
    os.nice(10)
    end_with_parent()


@contextlib.contextmanager
def worker(env: dict[str, str], folder: Path) -> Iterator[None]:
    with open(folder / "worker.log", "wb") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "manage.py", "run_worker", "--queue-name", "*"),
                *("--no-startup-delay", "--skip-checks"),
            ],
            cwd=PROJECT,
            env=env,
            stdout=log,
            stderr=log,
            preexec_fn=behind_visitors,
        )
        try:
            yield
        finally:
            process.kill()
            process.wait()


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Two nodes, worker, nginx and mail server, beside the servers of bin/test_cluster.py."""
    outside = {
        name: os.environ[name] for name in ("DATABASE_URL", "CACHE_URL", "MEDIA_STORAGE_URL")
    }
    s3_client(outside["MEDIA_STORAGE_URL"]).create_bucket(Bucket="portal")
    ports = [free_port(number) for number in range(3)]
    prepared = folder / "prepared"
    prepared.mkdir()
    prepare(prepared, **outside)
    with mail_server() as mails, contextlib.ExitStack() as stack:
        shared = {
            **outside,
            **NO_LIMITS,
            "EMAIL_URL": mails.url,
            "EMAIL_TIMEOUT": "2",
            "BEHIND_PROXY": "true",
            "PUBLIC_URL": f"http://127.0.0.1:{ports[2]}",
        }
        nodes = []
        for number in range(2):
            home = folder / f"node-{number + 1}"
            shutil.copytree(prepared, home)
            nodes.append(Node(home, ports[number], environment(home, **shared)))
        found = Cluster(
            folder,
            nodes,
            Proxy(folder / "nginx", ports[2], ports[:2], nodes[0].folder),
            mails,
            nodes[0].env,
        )
        for node in nodes:
            node.start()
            stack.callback(node.kill)
        for node in nodes:
            node.wait_until_up()
        found.proxy.start()
        stack.callback(found.proxy.stop)
        stack.enter_context(worker(found.env, folder))
        yield found
