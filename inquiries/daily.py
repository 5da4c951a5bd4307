"""What the worker does every night: erase what is kept no longer, make the month's test, tidy up.

It keeps itself going as the sweep of the mails does: each run first sees to it that the next one
waits in the queue, and each start of the worker mends a chain that broke.
"""

from __future__ import annotations

import logging
from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import default_task_backend, task
from django_tasks_db.models import DBTaskResult

from core.rate_limit import clear_windows
from core.table_statistics import renew_table_statistics
from inquiries.mystery import send_if_due
from inquiries.retention import purge

logger = logging.getLogger(__name__)

#: When hardly anybody is there, by the portal's clock.
HOUR = time(3, 30)


@task()
def nightly() -> None:
    """Erase, test; and clear away the runs before."""
    ensure_nightly(next_night(timezone.now()))
    erased = {name: count for name, count in purge().items() if count}
    if erased:
        logger.info("Erased after the time of keeping: %s", erased)
    send_if_due()
    clear_windows()
    renew_table_statistics()
    DBTaskResult.objects.successful().filter(task_path=nightly.module_path).delete()


def ensure_nightly(run_after: datetime | None = None) -> None:
    """See to it that a run waits in the queue. One query if there is one already."""
    if not default_task_backend.supports_defer:
        return
    waiting = DBTaskResult.objects.filter(task_path=nightly.module_path, status="READY")
    if not waiting.exists():
        nightly.using(run_after=run_after or timezone.now()).enqueue()


def next_night(now: datetime) -> datetime:
    """The next half past three."""
    zone = timezone.get_default_timezone()
    local = now.astimezone(zone)
    moment = datetime.combine(local.date(), HOUR, tzinfo=zone)
    return moment if moment > local else moment + timedelta(days=1)
