"""The portal as ``make run`` starts it, for browsers: granian, hashed static files, task worker.

Nothing of it is a test double. Its mail lands in files, its tasks are done by the worker, and its
content is the starter content. It has a folder and a database of its own.
"""

import contextlib
import email
import email.policy
import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

import pytest

from tests.migrated import PROJECT, migrated_file

FIRST_PORT = 18270
LAST_PORT = 18289
PASSWORD_FILE = "admin-password"
#: All that a portal under test takes from this process: no setting of a developer's shell.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
#: Ports that this process keeps for its portals, and the locked files that say so.
_claims: dict[int, TextIO] = {}


@dataclass(frozen=True)
class RunningPortal:
    """Where it listens, where it writes, and who may log in."""

    url: str
    folder: Path
    user: str
    password: str
    pid: int = 0

    def page(self, language: str, path: str = "") -> str:
        """Address of a public page."""
        return f"{self.url}/{language}/{path}"

    def mails(self) -> list[EmailMessage]:
        """What has been sent so far, oldest first."""
        found = []
        for file in sorted((self.folder / "mail").glob("*"), key=lambda path: path.stat().st_mtime):
            for part in re.split(rb"(?m)^-{79}\n", file.read_bytes()):
                if part.strip():
                    found.append(email.message_from_bytes(part, policy=email.policy.default))
        return found

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.mails() if address in mail["To"]]

    def wait_for_mails(self, text: str, count: int, seconds: float = 60) -> list[EmailMessage]:
        """All mails that mention ``text``, as soon as the worker has sent ``count`` of them."""
        deadline = time.monotonic() + seconds
        while True:
            found = [
                mail for mail in self.mails() if text in f"{mail['Subject']}{mail.get_content()}"
            ]
            if len(found) >= count or time.monotonic() > deadline:
                return found
            time.sleep(0.2)


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a first start on a new machine finds, and where to write."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {**inherited, "ENV_FILE": os.devnull, "DATA_DIR": str(folder), **more}


def prepare(folder: Path, **more: str) -> None:
    """Database with starter content, static files and the first account, in ``folder``."""
    if "DATABASE_URL" not in more:
        folder.mkdir(exist_ok=True)
        shutil.copyfile(migrated_file(), folder / "db.sqlite3")
    done = subprocess.run(
        [sys.executable, "manage.py", "bootstrap"],
        cwd=PROJECT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last_words = "\n".join(f"{done.stdout}{done.stderr}".splitlines()[-10:])
        pytest.exit(f"The portal could not be prepared:\n{last_words}", returncode=1)
    password = re.search(r"password\s+(\S+)", done.stdout)
    assert password, f"No first account was made:\n{done.stdout}"
    (folder / PASSWORD_FILE).write_text(password[1], encoding="ascii")


@contextlib.contextmanager
def running(prepared: Path, folder: Path, number: int, **more: str) -> Iterator[RunningPortal]:
    """Run a copy of what ``prepare`` made, in ``folder``, until the block ends.

    ``more`` are settings of this portal alone.
    """
    shutil.copytree(prepared, folder)
    port = free_port(number)
    url = f"http://127.0.0.1:{port}"
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "cluster_site.supervisor"],
            cwd=PROJECT,
            env=environment(folder, HOST="127.0.0.1", PORT=str(port), **more),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until_up(process, f"{url}/healthz", folder / "server.log")
            password = (folder / PASSWORD_FILE).read_text(encoding="ascii")
            yield RunningPortal(url, folder, "admin", password, process.pid)
        finally:
            process.terminate()
            process.wait(30)


def free_port(number: int) -> int:
    """For the ``number``-th of parallel runs, which start at the same moment."""
    for port in range(FIRST_PORT + number, LAST_PORT, 4):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) and is_ours(port):
                return port
    raise AssertionError(f"No free port between {FIRST_PORT} and {LAST_PORT}")


def is_ours(port: int) -> bool:
    """Whether ``port`` is kept for this process, from now on until it ends.

    granian lets several processes listen on one port, so two portals that start together would get
    the same one, and each would answer visitors of the other.
    """
    if port in _claims:
        return True
    try:
        claim = open(Path(tempfile.gettempdir()) / f"portal-test-port-{port}", "a")  # noqa: SIM115
        fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    _claims[port] = claim
    return True


def wait_until_up(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _attempt in range(300):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8"))


def fetch(url: str, *, body: bytes | None = None, encoding: str = "identity") -> bytes:
    """Body of ``url`` as a program gets it, whatever the status; POST if there is a ``body``."""
    request = urllib.request.Request(quote(url, safe=":/?&=+%"), body)
    request.add_header("Accept-Encoding", encoding)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return response.read()
    except urllib.error.HTTPError as error:
        return error.read()
