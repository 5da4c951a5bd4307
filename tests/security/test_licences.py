"""The report on packages and licences is the one of the packages that are pinned."""

import re
from pathlib import Path

from tests.test_dependencies import normalised, pins

ROOT = Path(__file__).resolve().parents[2]
REPORT = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([A-Za-z0-9._-]+) \| (\S+) \| (.+) \|$", REPORT, re.MULTILINE)[1:]


def test_the_report_names_what_is_pinned():
    named = {normalised(name): version for name, version, _licence in ROWS}
    assert named == pins(ROOT / "requirements.txt"), "run bin/licences.py"


def test_every_package_may_be_used_beside_ours():
    refused = re.compile(r"\b(A?GPL|SSPL|BUSL|not stated|unknown|proprietary)", re.IGNORECASE)
    assert [row for row in ROWS if refused.search(row[2])] == []
