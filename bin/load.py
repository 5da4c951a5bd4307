#!/usr/bin/env python3
"""How many inquiries a second are stored: on SQLite, then on a durable PostgreSQL of its own."""

import sys

from test_faults import PYTHON, on_both

if __name__ == "__main__":
    sys.exit(on_both([PYTHON, "-m", "tests.faults.load"]))
