#!/usr/bin/env python3
"""Runs the fault tests on SQLite, then on a PostgreSQL of its own whose promises reach the disk.

Arguments are handed on to pytest.
"""

import os
import subprocess
import sys

from test_postgres import ROOT, servers


def main() -> int:
    command = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-q", "-s", "tests/faults"]
    command += sys.argv[1:]
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    on_sqlite = subprocess.call(command, cwd=ROOT, env=own)
    with servers(is_durable=True) as environment:
        return subprocess.call(command, cwd=ROOT, env=environment) or on_sqlite


if __name__ == "__main__":
    sys.exit(main())
