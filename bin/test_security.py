#!/usr/bin/env python3
"""Marks of the MDN HTTP Observatory, then the whole fuzz on SQLite and PostgreSQL.

The Observatory and csp_evaluator come from npm; they look at a portal in production settings
behind TLS with a certificate of its own. FUZZ_CASES (2,000) is the number of cases for each
parameter and form. Arguments are handed on to pytest.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from test_faults import PYTHON, on_both
from test_postgres import ROOT, required

sys.path.insert(0, str(ROOT))

from tests.browser.running_portal import prepare, running
from tests.security.tls_front import HOST, front

LEAST_SCORE = 125
PAGES = (
    *("/en/", "/zh-hans/parks/", "/en/search/?q=park", "/en/inquiry/", "/en/inquiry/status/"),
    *("/accounts/login/", "/accounts/password/reset/"),
)
OBSERVATORY = ROOT / "node_modules/@mdn/mdn-http-observatory"
#: As docs/operators.md asks for them, with an address of this machine.
PRODUCTION = {
    "DEPLOYMENT": "production",
    "SECRET_KEY": "only-for-this-run-" + "x" * 50,
    "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
    "DEFAULT_FROM_EMAIL": "desk@example.org",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": "true",
    "SECURE_HSTS_PRELOAD": "true",
}


def show(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def install() -> None:
    """The tools of package.json, without running any script of theirs."""
    if not (OBSERVATORY / "package.json").exists():
        command = [required("npm", [], "npm"), "install", "--ignore-scripts", "--no-package-lock"]
        subprocess.run(
            [*command, "--no-audit", "--no-fund", "--loglevel=error"], cwd=ROOT, check=True
        )
    # Its own script would fetch browsers' list of hosts that are https only: ours is not on it.
    (OBSERVATORY / "conf/hsts-preload.json").write_text("{}", encoding="ascii")


def marks(port: int, trusted: Path, path: str) -> dict:
    done = subprocess.run(
        [required("node", [], "nodejs"), "bin/observatory.mjs", str(port), path],
        cwd=ROOT,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(trusted)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        sys.exit(f"The Observatory failed on {path}:\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def observatory() -> bool:
    """Whether every page has the least score and a policy without findings."""
    install()
    is_good = True
    with tempfile.TemporaryDirectory(prefix="portal-security-") as place:
        folder = Path(place)
        prepare(folder / "prepared", **PRODUCTION)
        settings = PRODUCTION | {"BEHIND_PROXY": "true"}
        with (
            running(folder / "prepared", folder / "var", 0, **settings) as portal,
            front(int(portal.url.rpartition(":")[2]), folder) as (port, trusted),
        ):
            for path in PAGES:
                found = marks(port, trusted, path)
                show(f"{found['grade']:3} {found['score']:4}  {path}")
                for line in (*found["lost"], *found["findings"]):
                    show(f"          {line}")
                is_good &= found["score"] >= LEAST_SCORE and not found["findings"]
                is_good &= "unsafe" not in found["policy"]
    return is_good


if __name__ == "__main__":
    is_good = observatory()
    os.environ.setdefault("FUZZ_CASES", "2000")
    tests = [str(path) for path in sorted((ROOT / "tests/security").glob("test_fuzz_*.py"))]
    failed = on_both([PYTHON, "-m", "pytest", "-q", "-n", "2", *tests, *sys.argv[1:]])
    sys.exit(failed or not is_good)
