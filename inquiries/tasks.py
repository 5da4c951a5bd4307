"""Work for the task worker: sending what waits.

``send_mail`` is enqueued with the mails, in their transaction, and sends them within a second. It
has no retries of its own. ``sweep_mail`` runs every half minute and takes whatever is due: mails
whose server was away, mails whose worker was killed. It keeps itself going: each run first sees
to it that another one waits in the queue. Should the chain ever break, the next inquiry and the
next start of the worker (``manage.py run_worker``) mend it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.core.cache.backends.locmem import LocMemCache
from django.utils import timezone
from django_tasks import default_task_backend, task
from django_tasks_db.models import DBTaskResult

from core.heartbeat import WORKER, beat
from inquiries.mail import deliver, deliver_due
from inquiries.models import OutgoingMail

SWEEP_EVERY = timedelta(seconds=30)
#: Finished tasks are kept that long, for a look at what went wrong.
KEEP_RESULTS = timedelta(days=7)
#: More urgent than the sweep, so that new mails do not wait behind it.
MAIL_PRIORITY = 10
#: That this process has looked for a sweep a moment ago: once in half a minute is enough.
_looked = LocMemCache("sweep", {"timeout": SWEEP_EVERY.total_seconds()})


@task(priority=MAIL_PRIORITY)
def send_mail(*pks: int) -> None:
    """Send these mails, but those that are gone, sent or in another worker's hand.

    At the first sign that the mail server is away, the rest is left to the sweep.
    """
    for pk in pks:
        if not deliver(pk):
            return


@task()
def sweep_mail() -> None:
    """Send everything that is due, and clear away old tasks. Shows that the worker is alive."""
    beat(WORKER)
    ensure_sweep(timezone.now() + SWEEP_EVERY)
    deliver_due()
    clear_results()


def enqueue_delivery(mails: Iterable[OutgoingMail]) -> None:
    """Hand ``mails`` to the worker; call it in the transaction that wrote them."""
    if pks := [mail.pk for mail in mails]:
        send_mail.enqueue(*pks)
    if _looked.add("sweep", value=True):
        ensure_sweep(timezone.now() + SWEEP_EVERY)


def ensure_sweep(run_after: object = None) -> None:
    """See to it that a sweep waits in the queue. One query if there is one already.

    Does nothing with a backend that runs tasks at once, as in tests: there is no worker.
    """
    if not default_task_backend.supports_defer:
        return
    waiting = DBTaskResult.objects.filter(task_path=sweep_mail.module_path, status="READY")
    if not waiting.exists():
        sweep_mail.using(run_after=run_after or timezone.now()).enqueue()


def clear_results() -> None:
    """Delete finished tasks: sweeps that went well at once, everything else after a week."""
    DBTaskResult.objects.successful().filter(task_path=sweep_mail.module_path).delete()
    DBTaskResult.objects.finished().filter(
        task_path__in=[sweep_mail.module_path, send_mail.module_path],
        finished_at__lt=timezone.now() - KEEP_RESULTS,
    ).delete()
