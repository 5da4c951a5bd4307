#!/usr/bin/env python3
"""Writes docs/licences.md: what the portal is made of, from the packages that are installed.

A test compares the report with requirements.txt. With --check nothing is written.
"""

import re
import sys
from importlib.metadata import Distribution, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "docs/licences.md"
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;#]+)", re.MULTILINE)
#: What the package's fields do not say, or not clearly; read in its own licence file.
KNOWN = {"async-timeout": "Apache-2.0", "qrcode": "BSD-3-Clause AND MIT"}
HEAD = """# Packages and their licences

Written by `bin/licences.py` from the packages that `requirements.txt` pins. All of them may be
used beside BSD-3-Clause; none is under the GPL. LGPL packages are used as they are.

| package | version | licence |
|---|---|---|
"""


def licence_of(package: Distribution) -> str:
    """By the field for it, else by the classifiers, else the first line of the old field."""
    fields = package.metadata
    if found := fields.get("License-Expression"):
        return found
    classifiers = fields.get_all("Classifier") or []
    named = [
        line.rpartition(" :: ")[2]
        for line in classifiers
        if line.startswith("License :: ") and not line.endswith("OSI Approved")
    ]
    return ", ".join(named) or (fields.get("License") or "not stated").strip().splitlines()[0]


def row(name: str, version: str) -> str:
    """``KNOWN`` also has the packages of other Python versions, which are not installed here."""
    licence = KNOWN.get(name) or licence_of(distribution(name))
    return f"| {name} | {version} | {licence.replace('|', '/')} |\n"


def report() -> str:
    pins = PIN.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    return HEAD + "".join(
        row(name, version) for name, version in sorted(set(pins), key=lambda pin: pin[0].lower())
    )


if __name__ == "__main__":
    if "--check" not in sys.argv:
        REPORT.write_text(report(), encoding="utf-8")
    sys.exit(REPORT.read_text(encoding="utf-8") != report())
