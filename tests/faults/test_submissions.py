"""Whatever a visitor was given a number for is in the database, once."""

import os
from collections import Counter

from bs4 import BeautifulSoup

from tests.faults.processes import killing, web_server
from tests.faults.visitors import Outcome, filled_forms, send_many

KEYS = "SELECT submission_key, secret FROM inquiries_inquiry"
#: Fewer in a run that shall be short.
SUBMISSIONS, CLIENTS = int(os.environ.get("FAULT_SUBMISSIONS", "1000")), 16
KILLS = max(2, SUBMISSIONS // 200)


def test_killed_workers_lose_nothing_and_double_nothing(portal, rows):
    outcome, sent = Outcome(), 0
    with portal() as found:
        with killing(web_server(found.pid), (3.0, 4.5)) as killed:
            while sent < SUBMISSIONS or len(killed) < KILLS:
                outcome.add(send_many(found.url, filled_forms(found.folder, 100), CLIENTS))
                sent += 100
        stored = Counter(key for key, _secret in rows(found, KEYS))
        secrets = dict(rows(found, KEYS))
    print(
        f"\n{len(outcome.acknowledged)} acknowledged of {sent} in {outcome.seconds:.0f} s, "
        f"{len(killed)} workers killed, {outcome.broken} connections broken, "
        f"answers {dict(outcome.statuses)}"
    )
    print(*{why_refused(page) for page in outcome.pages}, sep="\n")
    assert len(outcome.acknowledged) == sent
    assert all(stored[key] == 1 for key in outcome.acknowledged)
    # The number each visitor was given is that of the row.
    assert all(secrets[key] in address for key, address in outcome.acknowledged.items())
    assert set(outcome.statuses) == {303}


def why_refused(page: bytes) -> str:
    """The summary of errors at the head of a form that came back."""
    found = BeautifulSoup(page, "html.parser").select_one(".error-summary")
    return " ".join(found.get_text(" ").split()) if found else "a page without a summary"
