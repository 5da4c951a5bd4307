"""The mail server is down; ``test_no_mail_is_lost`` sees to what was sent meanwhile."""

from __future__ import annotations

import time

from tests.cluster.nodes import until
from tests.cluster.traffic import visitors
from tests.faults.mail_server import ACCEPT, HANG, REFUSE


def test_forms_do_not_wait_for_a_mail_server_that_is_down(healthy, report):
    healthy.mails.mode = REFUSE
    with visitors(healthy, 0, 20) as refusing:
        pass
    healthy.mails.mode = HANG
    with visitors(healthy, 0, 10) as hanging:
        until(lambda: healthy.mails.hanging > 0)
    healthy.mailless += [*refusing.acknowledged, *hanging.acknowledged]
    slowest = max(refusing.slowest_post, hanging.slowest_post)
    failed = refusing.failed + hanging.failed
    report.add(
        f"mail server refuses, then hangs (slowest post {slowest:.1f} s)",
        f"0 GET, {refusing.requests + hanging.requests} POST",
        failed,
        refusing.lost(healthy) + hanging.lost(healthy),
        "–",
    )
    healthy.mails.mode = ACCEPT
    healthy.mails.unhang.set()
    healthy.mails_back_at = time.monotonic()
    assert failed == 0
    assert slowest < 5
