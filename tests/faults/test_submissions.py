"""Whatever a visitor was given a number for is in the database, once."""

from collections import Counter

from bs4 import BeautifulSoup

from tests.faults.processes import killing, web_server
from tests.faults.visitors import send_many

KEYS = "SELECT submission_key, secret FROM inquiries_inquiry"
SUBMISSIONS, CLIENTS = 1000, 16


def test_killed_workers_lose_nothing_and_double_nothing(portal, rows):
    with portal() as found:
        with killing(web_server(found.pid), (3.0, 4.5)) as killed:
            outcome = send_many(found.url, found.folder, SUBMISSIONS, CLIENTS)
        stored = Counter(key for key, _secret in rows(found, KEYS))
        secrets = dict(rows(found, KEYS))
    print(
        f"\n{len(outcome.acknowledged)} acknowledged of {SUBMISSIONS} in {outcome.seconds:.0f} s, "
        f"{len(killed)} workers killed, {outcome.broken} connections broken, "
        f"answers {dict(outcome.statuses)}"
    )
    print(*{why_refused(page) for page in outcome.pages}, sep="\n")
    assert len(killed) >= 5
    assert len(outcome.acknowledged) == SUBMISSIONS
    assert all(stored[key] == 1 for key in outcome.acknowledged)
    # The number each visitor was given is that of the row.
    assert all(secrets[key] in address for key, address in outcome.acknowledged.items())
    assert set(outcome.statuses) == {303}


def why_refused(page: bytes) -> str:
    """The summary of errors at the head of a form that came back."""
    found = BeautifulSoup(page, "html.parser").select_one(".error-summary")
    return " ".join(found.get_text(" ").split()) if found else "a page without a summary"
