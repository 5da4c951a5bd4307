"""Mail comes first: later tests leave the worker with hundreds."""

from __future__ import annotations

import time

from tests.cluster.nodes import until
from tests.cluster.traffic import visitors
from tests.faults.mail_server import ACCEPT, HANG, REFUSE


def test_mails_wait_for_a_server_that_is_down(healthy, report):
    healthy.mails.mode = REFUSE
    with visitors(healthy, 0, 20) as traffic:
        pass
    healthy.mails.mode = HANG
    with visitors(healthy, 0, 10) as hanging:
        pass
    slowest = max(traffic.slowest_post, hanging.slowest_post)
    time.sleep(3)
    healthy.mails.mode = ACCEPT
    healthy.mails.unhang.set()
    begun = time.monotonic()

    def unsent() -> int:
        return healthy.rows("SELECT count(*) FROM inquiries_outgoingmail WHERE status <> 'sent'")[
            0
        ][0]

    until(lambda: unsent() == 0, 100)
    sent = healthy.rows("SELECT message_id FROM inquiries_outgoingmail")
    report.add(
        f"mail server refuses, then hangs ({len(sent)} mails, slowest post {slowest:.1f} s)",
        traffic.requests + hanging.requests,
        traffic.failed + hanging.failed,
        sum(not healthy.mails.taken[message_id] for (message_id,) in sent),
        time.monotonic() - begun,
    )
    assert traffic.failed + hanging.failed == 0
    assert all(healthy.mails.taken[message_id] == 1 for (message_id,) in sent)
    assert slowest < 5
