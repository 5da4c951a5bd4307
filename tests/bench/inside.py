"""Figures that a portal measures in its own process, with a database of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.running_portal import PROJECT, environment, prepare


def figures_from(code: str) -> dict[str, Any]:
    """JSON of the last line that ``code`` prints in ``manage.py shell`` on starter content.

    SystemExit with its last words if it fails.
    """
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as place:
        folder = Path(place)
        prepare(folder)
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
            cwd=PROJECT,
            env=environment(folder),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.exit(f"No figures from {code!r}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])
