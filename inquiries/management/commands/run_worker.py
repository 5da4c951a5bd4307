"""``manage.py run_worker``: the task worker, which first looks after what earlier ones left."""

import logging
import time

from django.db import connections
from django_tasks_db.management.commands.db_worker import Command as WorkerCommand

from core import read_only
from core.outage import DATABASE_AWAY
from core.read_only import ReadOnlyMode
from inquiries.daily import ensure_nightly
from inquiries.mailbox_tasks import ensure_poll
from inquiries.reminders import ensure_watch
from inquiries.tasks import ensure_sweep

logger = logging.getLogger(__name__)

PAUSE = 2.0  # seconds until a database that was away is asked again


class Command(WorkerCommand):
    """Same options as ``db_worker``, which stays usable but ends with the first lost connection."""

    help = "Run the task worker; mails that an earlier worker left are sent first."

    def handle(self, **options: object) -> None:
        """Work until a signal ends it; maintenance or a database that is away is waited for.

        A worker that ended would take the web server with it, which still has pages to show.
        """
        read_only.enforce()
        while True:
            wait_for_maintenance()
            try:
                ensure_sweep()
                ensure_nightly()
                ensure_watch()
                ensure_poll()
                super().handle(**options)
            except ReadOnlyMode:
                # No task was taken: taking one is the first thing that writes.
                connections.close_all()
            except DATABASE_AWAY as error:
                logger.error("The database is away (%s): trying again", type(error).__name__)
                connections.close_all()
                time.sleep(PAUSE)
            else:
                return


def wait_for_maintenance() -> None:
    """Return when things may be changed. Does not beat either: that would be a change."""
    if not read_only.is_on():
        return
    logger.info("Maintenance: the worker pauses")
    while read_only.is_on():
        time.sleep(PAUSE)
    logger.info("Maintenance is over: the worker goes on")
