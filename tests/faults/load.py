"""``make load``: how many inquiries a second are stored, beside bare rows of the same table.

Starts a portal of its own and sends inquiries as fast as 16 visitors can, a minute in three rounds;
before each round it stores bare rows of the same table through Django, one transaction each. The
ratio of the two says more than either figure on a machine that is shared. Reports, decides nothing.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.running_portal import PROJECT, environment, prepare, running
from tests.faults.conftest import NO_LIMITS, database
from tests.faults.visitors import filled_forms, send_many

ROUNDS, CLIENTS = 3, 16
#: Of one round.
SECONDS = float(os.environ.get("LOAD_SECONDS", "20"))
#: More than are stored; so many forms are filled in before a round begins.
MOST_A_SECOND = 300
BARE_ROWS = 500

BARE = """
import datetime, secrets, time
from django.utils import timezone
from inquiries.models import Inquiry
def store(number):
    Inquiry.objects.create(
        reference=f"BARE-{secrets.token_hex(6)}", submission_key=secrets.token_urlsafe(16),
        language="en", name=f"Visitor {number}", email="visitor@example.org", country="DE",
        subject="invest", message="We plan a plant and need 10 hectares. " * 3,
        consent_version="x", consent_language="en", consent_at=timezone.now(),
        due_at=timezone.now() + datetime.timedelta(days=2), is_synthetic=True)
store(0)
begun = time.perf_counter()
for number in range(ROWS):
    store(number)
print(ROWS / (time.perf_counter() - begun))
"""


def bare_inserts(folder: Path) -> float:
    """Rows a second through Django, by one process."""
    done = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "shell",
            "-v",
            "0",
            "-c",
            BARE.replace("ROWS", str(BARE_ROWS)),
        ],
        cwd=PROJECT,
        env=environment(folder, **database()),
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])


def main() -> None:
    name = "PostgreSQL" if database() else "SQLite"
    with tempfile.TemporaryDirectory(prefix="portal-load-") as temporary:
        prepared = Path(temporary) / "prepared"
        prepared.mkdir()
        prepare(prepared, **database())
        settings = {"SERVER_WORKERS": "2", **NO_LIMITS, **database()}
        rates, bare, refused = [], [], 0
        with running(prepared, Path(temporary) / "data", 1, **settings) as found:
            send_many(found.url, filled_forms(found.folder, 50), CLIENTS)
            for _round in range(ROUNDS):
                bare.append(bare_inserts(found.folder))
                forms = filled_forms(found.folder, int(SECONDS * MOST_A_SECOND))
                outcome = send_many(found.url, forms, CLIENTS, SECONDS)
                rates.append(len(outcome.acknowledged) / outcome.seconds)
                refused += outcome.statuses.total() - len(outcome.acknowledged) + outcome.broken
                print(
                    f"{name}: {rates[-1]:.0f} inquiries/s, {bare[-1]:.0f} bare rows/s, "
                    f"answers {dict(outcome.statuses)}, {outcome.broken} connections broken"
                )
        ratio = statistics.median(rates) / statistics.median(bare)
        print(
            f"{name}: median {statistics.median(rates):.0f} inquiries/s, {refused} errors, "
            f"{ratio:.2f} × a bare insert"
        )


if __name__ == "__main__":
    main()
