"""nginx with ``deploy/nginx.conf`` as it is, and a site of its own for ports and folders."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from cluster_site.supervisor import end_with_parent
from tests.browser.running_portal import PROJECT

DEPLOY = PROJECT / "deploy"
MODULES = "/usr/lib/nginx/modules"


def nginx_command() -> str:
    return os.environ.get("CLUSTER_NGINX") or shutil.which("nginx") or "/usr/sbin/nginx"


def unprivileged() -> str | None:
    """Whom nginx runs as when this is root: so every file it needs has to be readable."""
    return "nobody" if os.geteuid() == 0 else None


class Proxy:
    """One nginx in front of nodes, in a folder of its own."""

    def __init__(self, folder: Path, port: int, nodes: Sequence[int], data: Path) -> None:
        self.folder, self.port = folder, port
        self.process: subprocess.Popen[bytes] | None = None
        folder.mkdir()
        # Copies, because nobody may look into a developer's checkout.
        shutil.copy(DEPLOY / "nginx.conf", folder)
        shutil.copytree(DEPLOY / "portal", folder / "portal")
        (folder / "site").mkdir()
        for name, text in self.site(nodes, data).items():
            (folder / "site" / name).write_text(text, encoding="utf-8")
        if user := unprivileged():
            shutil.chown(folder, user)

    def site(self, nodes: Sequence[int], data: Path) -> dict[str, str]:
        """The examples, with what is different here: no TLS, no root, loopback only."""
        main = (DEPLOY / "site" / "main.conf").read_text(encoding="utf-8")
        main = re.sub(r"user .*", "", main).replace(" modules/", f" {MODULES}/")
        main = main.replace("/run/nginx.pid", f"{self.folder}/nginx.pid")
        main = main.replace("/var/log/nginx/", f"{self.folder}/").replace("auto;", "1;")
        http = (DEPLOY / "site" / "http.conf").read_text(encoding="utf-8")
        # Other hosts are refused on the same port as ours is listened on.
        http, _others = http.split("# Host names that are not ours")
        http = http.replace("/var/cache/nginx/portal", f"{self.folder}/cache")
        http = http.replace("/var/lib/nginx/", f"{self.folder}/")
        http = http.replace("/var/log/nginx/", f"{self.folder}/")
        http = http.replace(" buffer=64k flush=1s", "")  # tests read the log at once
        for unused in ("fastcgi", "uwsgi", "scgi"):
            http += f"{unused}_temp_path {self.folder}/{unused};\n"
        http += f"server {{ listen 127.0.0.1:{self.port} default_server; return 444; }}\n"
        return {
            "main.conf": main,
            "http.conf": http,
            "upstream.conf": "".join(f"server 127.0.0.1:{port} max_fails=0;\n" for port in nodes),
            "server.conf": (
                f"listen 127.0.0.1:{self.port};\nserver_name 127.0.0.1;\nset $portal_data {data};\n"
            ),
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def command(self) -> list[str]:
        return [nginx_command(), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def start(self) -> None:
        with open(self.folder / "output.log", "ab") as log:
            self.process = subprocess.Popen(
                [*self.command, "-g", "daemon off;"],
                user=unprivileged(),
                group=pwd.getpwnam("nobody").pw_gid if unprivileged() else None,
                extra_groups=[] if unprivileged() else None,
                cwd="/",
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
        for _attempt in range(100):
            assert self.process.poll() is None, (self.folder / "output.log").read_text()
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.url}/static/none", timeout=1)
            if (self.folder / "nginx.pid").exists():
                return
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)


@contextlib.contextmanager
def proxy(folder: Path, port: int, nodes: Sequence[int], data: Path) -> Iterator[Proxy]:
    found = Proxy(folder, port, nodes, data)
    found.start()
    try:
        yield found
    finally:
        found.stop()


def answer(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers with small letters, body: of the first answer, without following it."""

    class Here(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *args: object) -> None:
            return None

    method = headers.pop("method", "GET")
    request = urllib.request.Request(
        url,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        method=method,
    )
    opener = urllib.request.build_opener(Here, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=30) as response:
            return response.status, lowered(response.headers), response.read()
    except urllib.error.HTTPError as error:
        return error.code, lowered(error.headers), error.read()


def lowered(headers: object) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
