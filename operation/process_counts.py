"""The counts of all processes of this machine, added up.

A process that is gone leaves its file behind: it is added to one file of the past and deleted, so
that no count goes back and files do not pile up.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path
from typing import Any

from core.metrics import BUCKETS, counts_folder
from operation.exposition import Family

PAST = "past.json"
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

#: What ``core.metrics.Metrics.snapshot`` returns.
Counts = dict[str, dict[str, Any]]


def read_counts() -> tuple[Counts, list[int]]:
    """Everything counted so far, and the numbers of the processes that live."""
    folder = counts_folder()
    past = _read(folder / PAST)
    total, living, gone = past, [], []
    for file in sorted(folder.glob("*-*.json")):
        pid = int(file.name.partition("-")[0])
        counts = _read(file)
        total = add_up([total, counts])
        if is_alive(pid):
            living.append(pid)
        else:
            past = add_up([past, counts])
            gone.append(file)
    if gone:
        _keep(folder / PAST, past, gone)
    return total, living


def add_up(parts: Iterable[Counts]) -> Counts:
    """One set of counts from several: number by number, class by class."""
    total: Counts = {}
    for part in parts:
        for name, values in part.items():
            into = total.setdefault(name, {})
            for key, value in values.items():
                if isinstance(value, list):
                    into[key] = [
                        a + b for a, b in zip_longest(into.get(key, []), value, fillvalue=0)
                    ]
                else:
                    into[key] = into.get(key, 0) + value
    return total


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(file: Path) -> Counts:
    with contextlib.suppress(OSError, ValueError):
        return json.loads(file.read_text(encoding="utf-8"))
    return {}


def _keep(file: Path, past: Counts, gone: list[Path]) -> None:
    """Write the past, then delete what it holds. On a full disk all stays as it is."""
    with contextlib.suppress(OSError):
        unfinished = file.with_suffix(".new")
        unfinished.write_text(json.dumps(past), encoding="utf-8")
        unfinished.replace(file)
        for old in gone:
            old.unlink()


def count_families() -> list[Family]:
    """Requests, durations, the page cache, processes."""
    counts, living = read_counts()
    requests = Family("portal_requests_total", "Requests that reached Django.", "counter")
    for key, count in sorted(counts.get("requests", {}).items()):
        method, route, status = key.split(" ")
        requests.add(count, method=method, route=route, status=status)
    durations = Family(
        "portal_request_seconds", "How long Django took for a request, by route.", "histogram"
    )
    for route, row in sorted(counts.get("durations", {}).items()):
        _add_durations(durations, route, row)
    cache = Family(
        "portal_page_cache_total", "How the page cache answered, by kind of answer.", "counter"
    )
    for result, count in sorted(Counter(counts.get("page_cache", {})).items()):
        cache.add(count, result=result)
    processes = Family("portal_processes", "Server processes that have had a request.")
    memory = Family("portal_resident_bytes", "Memory of these processes together.")
    return [
        requests,
        durations,
        cache,
        processes.add(len(living)),
        memory.add(sum(map(resident_bytes, living))),
    ]


def _add_durations(family: Family, route: str, row: list[int]) -> None:
    """Prometheus' classes hold all that was faster, too."""
    *classes, microseconds = row
    so_far = 0
    for bound, count in zip([*map(str, BUCKETS), "+Inf"], classes, strict=True):
        so_far += count
        family.add(so_far, "_bucket", route=route, le=bound)
    family.add(microseconds / 1_000_000, "_sum", route=route)
    family.add(so_far, "_count", route=route)


def resident_bytes(pid: int) -> int:
    """0 for a process that has just ended, and where there is no /proc."""
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_BYTES
    return 0
