"""G10 and G11: what more rows cost. A process and a database for each size."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.report import Line, at_most
from tests.browser.running_portal import PROJECT, environment, prepare

SMALL = 200
#: 200,000 takes a quarter of an hour, most of it to make and index the rows.
LARGE = int(os.environ.get("BENCH_ROWS", "20000"))

CODE = "from tests.bench.grown import report; report({rows})"


def figures(rows: int) -> dict[str, dict[str, float]]:
    """Milliseconds of SQL and of CPU by kind of page, with ``rows`` projects and as many posts."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as place:
        folder = Path(place)
        prepare(folder)
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", CODE.format(rows=rows)],
            cwd=PROJECT,
            env=environment(folder),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.exit(f"No figures with {rows} rows:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def measure() -> Iterator[Line]:
    """SQL of lists, and all of a search, with many rows beside few."""
    few, many = figures(SMALL), figures(LARGE)
    for name, found in many.items():
        what = f"{name}, {LARGE:,} rows ({few[name]['cpu']:.1f} ms with {SMALL})"
        yield Line("", f"{what}: CPU", f"{found['cpu']:.1f} ms")
        if name.startswith("search"):
            goal = 100 if name.endswith("by rank") else 5
            yield at_most("G11", f"{name}: SQL", found["sql"], goal, " ms")
        else:
            goal = 1 if name.startswith("list") or "by status" in name else 10
            yield at_most("G10", f"{name}: SQL", found["sql"], goal, " ms")
            counting = max(found["first"] - found["sql"], 0)
            yield at_most("G10", f"{name}: to count, once after an edit", counting, 5, " ms")
