"""What the worker looks after every few minutes: reminders, escalations, absences.

Each notice is claimed by one conditional UPDATE before its mail is queued, so that two workers
never send it twice.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django_tasks import default_task_backend, task
from django_tasks_db.models import DBTaskResult

from inquiries.events import note_event
from inquiries.models import Inquiry, InquiryEvent, InquiryQuerySet, OutgoingMail
from inquiries.ownership import adopt, chiefs, cover_absences, tell
from inquiries.working_hours import add_working_time, working_hours_between

logger = logging.getLogger(__name__)

WATCH_EVERY = timedelta(minutes=5)
#: Working hours before a deadline at which its owner is reminded.
NOTICE = timedelta(hours=2)
#: Working hours after which the chiefs are told: of what is late, and of what is nobody's.
LATE, NOBODYS = 4, 2
NEXT_STEP, FOLLOW_UP = "next_action_due", "follow_up_due"


@task()
def watch() -> None:
    """One round, and see to it that the next one waits in the queue."""
    ensure_watch(timezone.now() + WATCH_EVERY)
    cover_absences()
    adopt()
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
    """Remind owners two working hours before the first reply is due, and once of what is over.

    That is the first reply, a next step that was planned, or a follow-up.
    """
    now = at or timezone.now()
    running = _running(_next_due(NEXT_STEP, FOLLOW_UP)).exclude(assigned_to=None)
    soon = Q(first_reply_at=None, due__lte=add_working_time(now, NOTICE), reminded_at=None)
    over = Q(due__lt=now) & (Q(reminded_at=None) | Q(reminded_at__lt=F("due")))
    found = running.filter(soon | over).select_related("assigned_to")
    return sum(_remind(inquiry, now) for inquiry in found)


@transaction.atomic
def _remind(inquiry: Inquiry, now: datetime) -> bool:
    unclaimed = Inquiry.objects.filter(pk=inquiry.pk, reminded_at=inquiry.reminded_at)
    if not unclaimed.update(reminded_at=now):
        return False
    note_event(inquiry, InquiryEvent.Kind.REMINDED, at=now)
    tell([inquiry.assigned_to], inquiry, OutgoingMail.Kind.REMINDER)
    return True


def escalate(at: datetime | None = None) -> int:
    """Tell the chiefs, once each, what is late by half a day and what has been nobody's too long.

    While no chief has an e-mail address nothing is noted as told; the log says so.
    """
    now = at or timezone.now()
    late = [
        inquiry
        for inquiry in _running(_next_due(NEXT_STEP))
        if _is_late(inquiry, now) or _is_nobodys(inquiry, now)
    ]
    told = chiefs() if late else []
    if late and not told:
        logger.error("No chief has an e-mail address: nobody is told of %s inquiries", len(late))
        return 0
    return sum(_escalate(inquiry, told, now) for inquiry in late)


def _running(due: Case) -> InquiryQuerySet:
    """Open inquiries whose clocks run, with what is ``due`` of them next."""
    return Inquiry.objects.open().filter(paused_at=None).annotate(due=due)


def _next_due(*later: str) -> Case:
    """The first reply while it is owed, afterwards the earliest of the dates in ``later``."""
    first, second = later[0], later[-1]
    # Each with the other in its place: databases differ about the least of NULL and a date.
    earliest = Least(Coalesce(first, second), Coalesce(second, first))
    return Case(When(first_reply_at=None, then=F("due_at")), default=earliest)


def _is_late(inquiry: Inquiry, now: datetime) -> bool:
    if inquiry.due is None or inquiry.due >= now:
        return False
    if inquiry.escalated_at is not None and inquiry.escalated_at >= inquiry.due:
        return False
    return working_hours_between(inquiry.due, now) >= LATE


def _is_nobodys(inquiry: Inquiry, now: datetime) -> bool:
    if inquiry.assigned_to_id is not None or inquiry.escalated_at is not None:
        return False
    return is_too_long(inquiry.created_at, now)


def is_too_long(since: datetime, now: datetime) -> bool:
    """Whether what came at ``since`` should have an owner by ``now``."""
    return working_hours_between(since, now) >= NOBODYS


@transaction.atomic
def _escalate(inquiry: Inquiry, told: list, now: datetime) -> bool:
    unclaimed = Inquiry.objects.filter(pk=inquiry.pk, escalated_at=inquiry.escalated_at)
    if not unclaimed.update(escalated_at=now):
        return False
    note_event(inquiry, InquiryEvent.Kind.ESCALATED, at=now)
    tell(told, inquiry, OutgoingMail.Kind.ESCALATION)
    return True
