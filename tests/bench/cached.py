"""G1 to G4: kept pages, beside a view that does nothing and a file that nginx sends."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.bench.report import Line, at_least
from tests.bench.servers import (
    Server,
    gunicorn,
    hello_on_gunicorn,
    load,
    portal,
    static_file,
)
from tests.browser.running_portal import fetch

PAGE = "/en/parks/"
ROUNDS, SECONDS = 5, 2


def measure(folder: Path) -> Iterator[Line]:
    """Requests for each second of processor time of the server; medians of interleaved rounds."""
    with ExitStack() as stack:
        kept = stack.enter_context(portal(folder, PAGE))
        servers = [
            kept,
            stack.enter_context(hello_on_gunicorn(folder)),
            stack.enter_context(static_file(folder, fetch(kept.url, encoding="gzip"))),
            stack.enter_context(gunicorn(folder, PAGE, "kept page, gunicorn", 3)),
        ]
        rates = rounds(servers)
    kept_rate, hello, file, on_gunicorn = rates
    for server, rate in zip(servers, rates, strict=True):
        yield Line("", f"{server.name}: requests a CPU second", f"{rate:,.0f}")
    yield at_least("G1", "kept page on granian : hello view", kept_rate / hello, 15, " ×")
    yield at_least("G1", "kept page on granian : file from nginx", 100 * kept_rate / file, 55, " %")
    yield at_least("G2", "kept page on gunicorn : hello view", on_gunicorn / hello, 1.55, " ×")


def rounds(servers: list[Server]) -> list[float]:
    """Median requests per CPU second of each of ``servers``, measured in turns."""
    rates: list[list[float]] = [[] for _server in servers]
    for _round in range(ROUNDS):
        for found, server in zip(rates, servers, strict=True):
            found.append(load(server, SECONDS).per_cpu_second)
    return [statistics.median(found) for found in rates]
