"""A mail server that is away delays mails; it loses none and sends none twice by itself."""

import os
import signal
import time

import pytest

from tests.faults.mail_server import ACCEPT, DROP, HANG, REFUSE, mail_server
from tests.faults.processes import web_server
from tests.faults.visitors import filled_forms, send_many

MAILS = "SELECT message_id, status FROM inquiries_outgoingmail"
INQUIRIES = 40
PATIENCE = 240  # seconds


@pytest.mark.parametrize("mode", [REFUSE, HANG, DROP])
def test_every_mail_is_sent_once_the_server_is_back(portal, rows, mode):
    with mail_server() as server:
        server.mode = mode
        with portal(EMAIL_URL=server.url, EMAIL_TIMEOUT="2") as found:
            before = {key for key, _status in rows(found, MAILS)}
            outcome = send_many(found.url, filled_forms(found.folder, INQUIRIES), 8)
            time.sleep(5)  # the server is away while the worker tries
            server.mode = ACCEPT
            server.unhang.set()
            mails = wait_until_sent(found, rows, before)
            assert web_server(found.pid)
    duplicates = sum(count - 1 for count in server.taken.values())
    print(
        f"\n{mode}: {len(outcome.acknowledged)} inquiries, {len(mails)} mails, "
        f"{server.drops} connections dropped after DATA, {duplicates} duplicates"
    )
    assert len(outcome.acknowledged) == INQUIRIES
    assert len(mails) >= INQUIRIES
    assert all(server.taken[message_id] for message_id in mails)
    assert duplicates <= server.drops


def wait_until_sent(found, rows, before: set[str]) -> dict[str, str]:
    """The mails of this portal when all are sent, or as they are when patience ends."""
    until = time.monotonic() + PATIENCE
    while True:
        mails = {key: status for key, status in rows(found, MAILS) if key not in before}
        if set(mails.values()) == {"sent"} or time.monotonic() > until:
            assert set(mails.values()) == {"sent"}
            return mails
        time.sleep(1)


def test_a_killed_supervisor_leaves_mails_for_the_next_start(portal, rows, prepared, tmp_path):
    with mail_server() as server:
        server.mode = HANG
        with portal(EMAIL_URL=server.url, EMAIL_TIMEOUT="2") as found:
            before = {key for key, _status in rows(found, MAILS)}
            send_many(found.url, filled_forms(found.folder, 5), 2)
            os.kill(found.pid, signal.SIGKILL)
        waiting = [key for key, status in rows(found, MAILS) if key not in before]
    assert len(waiting) >= 5
