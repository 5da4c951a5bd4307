"""G7: memory of a worker with a full store, and how soon a new one answers."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.edits import IN_TURN, addresses
from tests.bench.report import Line, at_most
from tests.bench.servers import load, portal
from tests.browser.running_portal import fetch

REQUESTS = 50_000
STARTS = 5


def measure(folder: Path) -> Iterator[Line]:
    """Resident memory at the beginning and after 50,000 requests for all pages; cold starts."""
    with portal(folder, "/en/") as server:
        yield Line("", "memory of a worker after its first page", f"{server.megabytes():.0f} MB")
        paths, base = addresses(server), server.url.removesuffix("/en/")
        for path in paths:
            fetch(base + path, encoding="gzip")
        script = folder / "in-turn.lua"
        (folder / "paths").write_text("\n".join(paths), encoding="ascii")
        script.write_text(IN_TURN % (folder / "paths"), encoding="ascii")
        asked = 0
        while asked < REQUESTS:
            asked += load(server, 2, "-s", str(script)).requests
        what = f"memory of a worker after {asked:,} requests for {len(paths)} pages"
        yield at_most("G7", what, server.megabytes(), 70, " MB")
    bare = min(_seconds_of_python() for _start in range(STARTS))
    starts = [_seconds_to_first_page(folder) - bare for _start in range(STARTS)]
    what = "from the interpreter to the first page"
    yield at_most("G7", what, statistics.median(starts), 0.5, " s")


def _seconds_of_python() -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], check=True)
    return time.perf_counter() - begun


def _seconds_to_first_page(folder: Path) -> float:
    begun = time.perf_counter()
    with portal(folder, "/en/"):
        return time.perf_counter() - begun
