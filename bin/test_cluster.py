#!/usr/bin/env python3
"""Runs the tests of two nodes behind nginx on servers of their own, all on loopback.

PostgreSQL and Redis come from ``test_postgres``; here an S3 server is added. Nodes, worker and
nginx are started by the tests. Arguments are handed on to pytest.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from test_postgres import ROOT, free_ports, required, servers, wait_for

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
    # No parallel processes and no chance: one cluster, one fault after another.
    command = [PYTHON, "-m", "pytest", "-q", "-s", "-p", "no:randomly", "tests/cluster"]
    with servers(is_durable=True) as databases, object_storage(databases) as environment:
        return subprocess.call([*command, *sys.argv[1:]], cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main())
