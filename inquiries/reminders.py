"""What the worker looks after every few minutes: reminders, escalations, absences.

Each notice is claimed by one conditional UPDATE before its mail is queued, so that two workers
never send it twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import default_task_backend, task
from django_tasks_db.models import DBTaskResult

from inquiries.events import note_event
from inquiries.models import Inquiry, InquiryEvent, OutgoingMail
from inquiries.ownership import chiefs, cover_absences, tell
from inquiries.working_hours import add_working_time, working_hours_between

WATCH_EVERY = timedelta(minutes=5)
#: Working hours before a deadline at which its owner is reminded.
NOTICE = timedelta(hours=2)
#: Working hours after which the chiefs are told: of what is late, and of what is nobody's.
LATE, NOBODYS = 4, 2


@task()
def watch() -> None:
    """One round, and see to it that the next one waits in the queue."""
    ensure_watch(timezone.now() + WATCH_EVERY)
    cover_absences()
    remind()
    escalate()
    DBTaskResult.objects.successful().filter(task_path=watch.module_path).delete()


def ensure_watch(run_after: datetime | None = None) -> None:
    """See to it that a round waits in the queue. One query if there is one already."""
    if not default_task_backend.supports_defer:
        return
    waiting = DBTaskResult.objects.filter(task_path=watch.module_path, status="READY")
    if not waiting.exists():
        watch.using(run_after=run_after or timezone.now()).enqueue()


def remind(at: datetime | None = None) -> int:
    """Remind owners two working hours before the deadline, and once when it is over."""
    now = at or timezone.now()
    soon = add_working_time(now, NOTICE)
    running = Inquiry.objects.waiting().filter(paused_at=None).exclude(assigned_to=None)
    first = running.filter(due_at__lte=soon, reminded_at=None)
    again = running.filter(due_at__lt=now, reminded_at__lt=F("due_at"))
    return sum(_remind(inquiry, now) for inquiry in (first | again).select_related("assigned_to"))


@transaction.atomic
def _remind(inquiry: Inquiry, now: datetime) -> bool:
    unclaimed = Q(reminded_at=None) | Q(reminded_at__lt=inquiry.due_at, due_at__lt=now)
    if not Inquiry.objects.filter(unclaimed, pk=inquiry.pk).update(reminded_at=now):
        return False
    note_event(inquiry, InquiryEvent.Kind.REMINDED, at=now)
    tell([inquiry.assigned_to], inquiry, OutgoingMail.Kind.REMINDER)
    return True


def escalate(at: datetime | None = None) -> int:
    """Tell the chiefs, once, what is late by half a day and what has been nobody's too long."""
    now = at or timezone.now()
    candidates = Inquiry.objects.waiting().filter(paused_at=None, escalated_at=None)
    late = [inquiry for inquiry in candidates if _is_late(inquiry, now)]
    told = chiefs() if late else []
    return sum(_escalate(inquiry, told, now) for inquiry in late)


def _is_late(inquiry: Inquiry, now: datetime) -> bool:
    if inquiry.assigned_to_id is None:
        return working_hours_between(inquiry.created_at, now) >= NOBODYS
    return working_hours_between(inquiry.due_at, now) >= LATE


@transaction.atomic
def _escalate(inquiry: Inquiry, told: list, now: datetime) -> bool:
    unclaimed = Inquiry.objects.filter(pk=inquiry.pk, escalated_at=None)
    if not unclaimed.update(escalated_at=now):
        return False
    note_event(inquiry, InquiryEvent.Kind.ESCALATED, at=now)
    tell(told, inquiry, OutgoingMail.Kind.ESCALATION)
    return True
