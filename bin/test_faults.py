#!/usr/bin/env python3
"""Runs the fault tests on SQLite, then on a PostgreSQL of its own whose promises reach the disk.

Arguments are handed on to pytest.
"""

import os
import subprocess
import sys

from test_postgres import ROOT, servers

PYTHON = str(ROOT / ".venv/bin/python")


def on_both(command: list[str]) -> int:
    """Run ``command`` on each database; the exit code of the one that failed."""
    own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    on_sqlite = subprocess.call(command, cwd=ROOT, env=own)
    with servers(is_durable=True) as environment:
        return subprocess.call(command, cwd=ROOT, env=environment) or on_sqlite


if __name__ == "__main__":
    sys.exit(on_both([PYTHON, "-m", "pytest", "-q", "-s", "tests/faults", *sys.argv[1:]]))
