"""G8: Lighthouse's marks for a phone, worst of three runs: ``make lighthouse``.

Against the portal as ``make run`` starts it, with starter content. Needs Chromium and npm. Run
alone, it takes page paths after the address of the portal, as in ``en/parks/``.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.bench.report import Line, at_most, show
from tests.browser.conftest import FLAGS
from tests.browser.running_portal import fetch, prepare, running

LIGHTHOUSE = "lighthouse@12.8.2"  # newer ones need Node 22
RUNS = 3
#: Chromium now and then loses the trace of a page (NO_NAVSTART): no mark, so not a run.
ATTEMPTS = 3
PAGES = (
    "en/",
    "zh-hans/",
    "zh-hant/",
    "zh-hans/parks/lingang/",
    "en/projects/",
    "en/news/development-history-of-the-cluster/",
    "zh-hant/search/?q=园区",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
#: What the marks for speed are made of: audit, name, goal, unit, units of the audit in it.
TIMES = (
    ("first-contentful-paint", "FCP", 0.9, " s", 1000),
    ("largest-contentful-paint", "LCP", 1.2, " s", 1000),
    ("total-blocking-time", "TBT", 20, " ms", 1),
    ("cumulative-layout-shift", "CLS", 0.01, "", 1),
)


def main() -> int:
    """Exit code 1 if a mark of any run is below 100."""
    with tempfile.TemporaryDirectory(prefix="portal-lighthouse-") as place:
        prepare(Path(place) / "data")
        lines = [show(line) for line in measure(Path(place) / "data", sys.argv[1:] or PAGES)]
    return int(any(line.is_met is False for line in lines if CATEGORIES[0] in line.what))


def measure(folder: Path, paths: Iterable[str] = PAGES) -> Iterator[Line]:
    """The worst of each mark and time; search says itself that it is not for search engines."""
    with (
        tempfile.TemporaryDirectory(prefix="portal-lighthouse-") as place,
        running(folder, Path(place) / "var", 0) as portal,
    ):
        for path in paths:
            url = f"{portal.url}/{path}"
            fetch(url)  # nobody is the first visitor
            reports = [audit(url, Path(place) / "report.json") for _run in range(RUNS)]
            yield from marks(path, reports)
            for name, short, goal, unit, divisor in TIMES:
                worst = largest(reports, name) / divisor
                yield at_most("G8", f"/{path}: {short}", worst, goal, unit)
            total = largest(reports, "total-byte-weight") / 1000
            yield at_most("G9", f"/{path}: transferred", total, 100, " kB")


def marks(path: str, reports: list[dict[str, Any]]) -> Iterator[Line]:
    """Of the categories, the worst in any run; below 100 with the names of what failed."""
    categories = [name for name in CATEGORIES if name != "seo" or "search" not in path]
    found = [
        min(round(100 * report["categories"][name]["score"]) for report in reports)
        for name in categories
    ]
    what = f"/{path}: {', '.join(categories)}"
    goal = " / ".join("100" for _name in found)
    yield Line("G8", what, " / ".join(map(str, found)), goal, min(found) == 100)
    for name, audited in reports[-1]["audits"].items():
        if audited["scoreDisplayMode"] == "binary" and audited["score"] == 0:
            yield Line("", f"/{path}: {audited['title']}", name)


def audit(url: str, report: Path) -> dict[str, Any]:
    """One run as Lighthouse's own JSON; SystemExit after as many failures as ATTEMPTS."""
    flags = " ".join(["--headless", *FLAGS])
    command = [
        *("npx", "--yes", "--ignore-scripts", LIGHTHOUSE, url, "--quiet"),
        *("--output=json", f"--output-path={report}", f"--chrome-flags={flags}"),
    ]
    environment = {"CHROME_PATH": shutil.which("chromium") or "", **os.environ}
    for _attempt in range(ATTEMPTS):
        # The versions and addresses are ours.
        if subprocess.run(command, check=False, env=environment).returncode == 0:
            return json.loads(report.read_text(encoding="utf-8"))
    sys.exit(f"Lighthouse failed {ATTEMPTS} times on {url}: see above.")


def largest(reports: list[dict[str, Any]], name: str) -> float:
    return max(report["audits"][name]["numericValue"] for report in reports)


if __name__ == "__main__":
    sys.exit(main())
