"""``python -m tests.bench [part …]``: all parts, or some; all of them write the document."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench import cached, edits, footprint, growth, lighthouse, pages, proxied
from tests.bench.report import Line, say, show, write_document
from tests.browser.running_portal import prepare

PARTS: dict[str, Callable[[Path], Iterable[Line]]] = {
    "pages": lambda _folder: pages.measure(),
    "cached": cached.measure,
    "proxied": proxied.measure,
    "edits": edits.measure,
    "footprint": footprint.measure,
    "growth": lambda _folder: growth.measure(),
    "lighthouse": lighthouse.measure,
}
NOTES = [
    "Requests a CPU second: of the server's processes, pinned to one core; wrk asks from the other "
    "with 16 connections. Medians of interleaved rounds.",
    "Lists and searches are measured in process, with nothing of the page stored but "
    "the number of rows of a list, which has a line of its own.",
]


def main() -> None:
    asked = sys.argv[1:] or list(PARTS)
    unknown = set(asked) - set(PARTS)
    if unknown:
        sys.exit(f"No such part: {', '.join(sorted(unknown))}. There are {', '.join(PARTS)}.")
    lines = []
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as place:
        folder = Path(place) / "data"
        folder.mkdir()
        prepare(folder)
        for name in asked:
            say(f"\n{name}")
            lines += [show(line) for line in PARTS[name](folder)]
    if asked == list(PARTS):
        write_document(lines, NOTES)


if __name__ == "__main__":
    main()
