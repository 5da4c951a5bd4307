"""What the database says of the work that waits. Counts only: no row leaves it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from core import read_only
from core.heartbeat import WORKER
from core.models import Heartbeat
from core.readiness import Question, free_share
from inquiries.models import Inquiry, OutgoingMail
from operation.exposition import Family

#: Seconds that one answer to Prometheus may wait for the database.
ANSWER_WITHIN = 2.0


def waiting_work() -> Mapping[str, Any]:
    """Numbers and ages in seconds. Five queries."""
    now = timezone.now()
    tasks = DBTaskResult.objects.ready().aggregate(number=Count("pk"), oldest=Min("enqueued_at"))
    due = Q(status=OutgoingMail.Status.QUEUED)
    mails = OutgoingMail.objects.aggregate(
        number=Count("pk", filter=due),
        oldest=Min("queued_at", filter=due),
        failed=Count("pk", filter=Q(status=OutgoingMail.Status.FAILED)),
    )
    beat = Heartbeat.objects.filter(name=WORKER).values_list("at", flat=True).first()
    counted = Inquiry.objects.counted()
    return {
        "tasks_waiting": tasks["number"],
        "tasks_oldest_seconds": age(tasks["oldest"], now),
        "tasks_failed": DBTaskResult.objects.failed().count(),
        "mails_waiting": mails["number"],
        "mails_oldest_seconds": age(mails["oldest"], now),
        "mails_given_up": mails["failed"],
        "inquiries_open": counted.open().count(),
        "inquiries_overdue": counted.overdue(now).count(),
        **({"worker_silent_seconds": age(beat, now)} if beat else {}),
    }


def age(since: datetime | None, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


HELP = {
    "tasks_waiting": "Tasks that are due and that no worker has taken.",
    "tasks_oldest_seconds": "Age of the oldest of them.",
    "tasks_failed": "Tasks that failed in the last week.",
    "mails_waiting": "Mails that have not been sent yet.",
    "mails_oldest_seconds": "Age of the oldest of them.",
    "mails_given_up": "Mails that were given up after three days.",
    "inquiries_open": "Inquiries with work left to do.",
    "inquiries_overdue": "Inquiries whose promised time of reply is over.",
    "worker_silent_seconds": "Since the task worker's last sign of life.",
}

_question = Question(waiting_work, {})


def work_families() -> list[Family]:
    """Figures of the database, or only that it is away."""
    _question.begin()
    found = _question.answer(time.monotonic() + ANSWER_WITHIN)
    up = Family("portal_database_up", "Whether the database answers.")
    return [
        up.add(1 if found else 0),
        *(Family(f"portal_{name}", HELP[name]).add(value) for name, value in found.items()),
        Family("portal_disk_free_ratio", "Free part of the portal's disk.").add(free_share()),
        Family("portal_read_only", "Whether nothing can be changed for now.").add(
            1 if read_only.is_on() else 0
        ),
    ]
