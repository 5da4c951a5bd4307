"""After ``test_nginx``: mails that were refused are tried again half a minute later.

And before nodes are killed, which leaves the worker with thousands.
"""

from __future__ import annotations

import time

import pytest

from tests.cluster.nodes import until


def test_what_a_mail_server_refused_arrives_once(running, report):
    if not running.mailless:
        pytest.skip("comes after test_mail")

    def waiting() -> int:
        return running.rows("SELECT count(*) FROM inquiries_outgoingmail WHERE status <> 'sent'")[
            0
        ][0]

    until(lambda: waiting() == 0, 150)
    back = time.monotonic() - running.mails_back_at
    sent = [
        message_id
        for (message_id,) in running.rows(
            "SELECT message_id FROM inquiries_outgoingmail mail JOIN inquiries_inquiry inquiry "
            "ON inquiry.id = mail.inquiry_id WHERE inquiry.submission_key = ANY(%s)",
            running.mailless,
        )
    ]
    undelivered = sum(not running.mails.taken[message_id] for message_id in sent)
    report.add(
        "their mails, once the mail server is back", f"{len(sent)} mails", 0, undelivered, back
    )
    assert len(sent) == 2 * len(running.mailless)
    assert all(running.mails.taken[message_id] == 1 for message_id in sent)
