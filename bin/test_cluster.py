#!/usr/bin/env python3
"""Runs the tests of two nodes behind nginx on servers of their own, all on loopback.

PostgreSQL and Redis come from ``test_postgres``; here an S3 server is added. Nodes, worker and
nginx are started by the tests. Arguments are handed on to pytest.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from test_postgres import ROOT, free_ports, required, servers, wait_for

BROTLI = Path("/usr/lib/nginx/modules/ngx_http_brotli_static_module.so")
PYTHON = str(ROOT / ".venv/bin/python")


@contextlib.contextmanager
def object_storage(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same environment with an S3 server, whose pid file lies beside the others."""
    [port] = free_ports(1)
    folder = Path(environment["TEST_SERVERS"])
    with open(folder / "s3.log", "wb") as log:
        server = subprocess.Popen(
            [PYTHON, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=log,
            stderr=log,
        )
    try:
        (folder / "s3.pid").write_text(str(server.pid))
        wait_for(port)
        yield {**environment, "MEDIA_STORAGE_URL": f"s3+http://key:secret@127.0.0.1:{port}/portal"}
    finally:
        server.kill()
        server.wait()


def main() -> int:
    os.environ["CLUSTER_NGINX"] = required("nginx", [Path("/usr/sbin")], "nginx")
    for name in ("faketime", "openssl"):
        required(name, [], name)
    if not BROTLI.exists():
        sys.exit(f"{BROTLI} is missing: apt-get install libnginx-mod-http-brotli-static")
    # No parallel processes and no chance: one cluster, one fault after another.
    command = [PYTHON, "-m", "pytest", "-q", "-s", "-p", "no:randomly", "tests/cluster"]
    with (
        servers(is_durable=True) as databases,
        object_storage(databases) as environment,
        subprocess.Popen([*command, *sys.argv[1:]], cwd=ROOT, env=environment) as tests,
    ):
        try:
            return tests.wait()
        except BaseException:
            # Let the tests end what they started.
            tests.send_signal(signal.SIGINT)
            tests.wait(60)
            raise


if __name__ == "__main__":
    sys.exit(main())
