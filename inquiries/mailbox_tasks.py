"""The worker's look into the mailbox, every minute while ``IMAP_URL`` is set.

It keeps itself going like the sweep of the mails: each run first sees to it that the next one
waits, and each start of the worker mends a chain that broke.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

try:
    from django.tasks import default_task_backend, task
except ImportError:  # before Django 6
    from django_tasks import default_task_backend, task
from django_tasks_db.models import DBTaskResult

from inquiries.mailbox import MailboxError, poll

logger = logging.getLogger(__name__)

POLL_EVERY = timedelta(minutes=1)


@task()
def poll_mailbox() -> None:
    """File what came in; a mailbox that is away is tried again in a minute."""
    ensure_poll(timezone.now() + POLL_EVERY)
    if settings.IMAP is None:
        return
    try:
        counts = poll()
    except MailboxError as error:
        logger.warning("The mailbox of IMAP_URL cannot be read: %s", error)
    else:
        if counts:
            logger.info("Mails received: %s", dict(counts))
    DBTaskResult.objects.successful().filter(task_path=poll_mailbox.module_path).delete()


def ensure_poll(run_after: datetime | None = None) -> None:
    """See to it that a look waits in the queue, if there is a mailbox. One query if there is."""
    if settings.IMAP is None or not default_task_backend.supports_defer:
        return
    waiting = DBTaskResult.objects.filter(task_path=poll_mailbox.module_path, status="READY")
    if not waiting.exists():
        poll_mailbox.using(run_after=run_after or timezone.now()).enqueue()
