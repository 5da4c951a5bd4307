"""Lighthouse's marks for a phone, worst of three runs: ``make lighthouse``.

Runs against the portal as ``make run`` starts it, with starter content in a folder of its own.
Needs Chromium and npm. Options are page paths after the language, as in ``en/parks/``.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from tests.browser.conftest import FLAGS  # noqa: E402
from tests.browser.running_portal import fetch, prepare, running  # noqa: E402

LIGHTHOUSE = "lighthouse@12.8.2"  # newer ones need Node 22
RUNS = 3
#: Chromium now and then loses the trace of a page (NO_NAVSTART): no mark, so not a run.
ATTEMPTS = 3
PAGES = (
    "en/",
    "en/parks/lingang/",
    "en/projects/",
    "en/news/development-history-of-the-cluster/",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
#: What the marks for speed are made of: audit → (heading, divisor, unit).
TIMES = {
    "first-contentful-paint": ("FCP", 1000, "s"),
    "largest-contentful-paint": ("LCP", 1000, "s"),
    "total-blocking-time": ("TBT", 1, "ms"),
    "cumulative-layout-shift": ("CLS", 1, ""),
}


def audit(url: str, report: Path) -> dict:
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


def largest(reports: list[dict], audit_name: str) -> float:
    return max(report["audits"][audit_name]["numericValue"] for report in reports)


def show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Exit code 1 if a mark of any run is below 100."""
    worst_of_all = 100
    with tempfile.TemporaryDirectory(prefix="portal-lighthouse-") as place:
        folder = Path(place)
        prepare(folder / "prepared")
        with running(folder / "prepared", folder / "var", 0) as portal:
            for path in sys.argv[1:] or PAGES:
                url = f"{portal.url}/{path}"
                fetch(url)  # nobody is the first visitor
                reports = [audit(url, folder / "report.json") for _run in range(RUNS)]
                marks = [
                    min(round(100 * report["categories"][name]["score"]) for report in reports)
                    for name in CATEGORIES
                ]
                worst_of_all = min(worst_of_all, *marks)
                times = [
                    f"{name} {largest(reports, key) / divisor:.3g} {unit}"
                    for key, (name, divisor, unit) in TIMES.items()
                ]
                total = largest(reports, "total-byte-weight")
                show(
                    f"/{path}: {' / '.join(map(str, marks))}  {', '.join(times)}"
                    f", transferred {total / 1000:.1f} kB"
                    f", HTML {len(gzip.compress(fetch(url), 9)) / 1000:.1f} kB gzipped"
                )
                for name, found in reports[-1]["audits"].items():
                    if found["scoreDisplayMode"] == "binary" and found["score"] == 0:
                        show(f"  {name}: {found['title']}")
    return int(worst_of_all < 100)


if __name__ == "__main__":
    sys.exit(main())
