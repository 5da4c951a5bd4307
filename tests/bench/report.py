"""Lines of the report: what was measured, and what it should be."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.browser.running_portal import PROJECT

DOCUMENT = PROJECT / "docs" / "benchmarks.md"


@dataclass(frozen=True)
class Line:
    """One figure. ``is_met`` is None where there is no goal."""

    number: str
    what: str
    figure: str
    goal: str = ""
    is_met: bool | None = None

    def cells(self) -> list[str]:
        verdict = {True: "met", False: "**missed**", None: ""}[self.is_met]
        return [self.number, self.what, self.figure, self.goal, verdict]


def at_least(number: str, what: str, value: float, goal: float, unit: str = "") -> Line:
    return Line(number, what, f"{value:,.3g}{unit}", f"≥ {goal:g}{unit}", value >= goal)


def at_most(number: str, what: str, value: float, goal: float, unit: str = "") -> Line:
    return Line(number, what, f"{value:,.3g}{unit}", f"≤ {goal:g}{unit}", value <= goal)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def show(line: Line) -> Line:
    """Print it at once: a whole run takes minutes."""
    number, what, figure, goal, verdict = line.cells()
    say(f"{number:<4} {what:<70} {figure:>14} {goal:>12}  {verdict.strip('*')}")
    return line


def machine() -> str:
    """Processor, cores, memory and versions, in one line."""
    cpu = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    cores = len(re.findall(r"^processor", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M))
    kilobytes = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"))
    return (
        f"{cpu[1] if cpu else platform.machine()}, {cores} cores, "
        f"{int(kilobytes[1]) / 1e6 if kilobytes else 0:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()


def write_document(lines: list[Line], notes: list[str]) -> None:
    """Put the table into ``docs/benchmarks.md``, between its marks."""
    rows = ["| | what | figure | goal | |", "|---|---|---|---|---|"]
    rows += [f"| {' | '.join(line.cells())} |" for line in lines]
    day = datetime.now(UTC).date().isoformat()
    head = f"{day}, commit `{commit()}`, {machine()}."
    text = "\n".join([head, "", *rows, "", *(f"- {note}" for note in notes)])
    document = DOCUMENT.read_text(encoding="utf-8")
    begin, end = "<!-- make bench -->\n", "<!-- end -->"
    before, _mark, rest = document.partition(begin)
    _old, _mark, after = rest.partition(end)
    DOCUMENT.write_text(f"{before}{begin}{text}\n{end}{after}", encoding="utf-8")
