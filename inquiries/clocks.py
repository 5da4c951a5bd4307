"""The clocks of an inquiry: first reply, next step, follow-ups, and the pause that stops them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from inquiries.choices import PauseReason, Status
from inquiries.events import note_event
from inquiries.models import Inquiry, InquiryEvent
from inquiries.working_hours import add_working_time, working_hours_between

#: Days after a reply on which a silent inquirer is written to again.
FOLLOW_UPS = (3, 10, 30)


@dataclass(frozen=True, slots=True)
class ClockState:
    """What the clock says now: a code for the colour, words, and until when."""

    code: str
    words: str
    due: datetime | None = None


def clock_state(inquiry: Inquiry, at: datetime | None = None) -> ClockState:
    """The most pressing of an inquiry's clocks. No query."""
    now = at or timezone.now()
    if Status(inquiry.status).is_finished:
        return ClockState("done", _("Nothing open"))
    if inquiry.paused_at:
        return ClockState("paused", _("Paused: %s") % inquiry.get_pause_reason_display())
    if inquiry.first_reply_at is None:
        return _state(now, inquiry.due_at, _("First reply"))
    clocks = [
        (inquiry.next_action_due, inquiry.next_action or _("Next step")),
        (inquiry.follow_up_due, _("Follow-up")),
    ]
    running = [(due, words) for due, words in clocks if due]
    if not running:
        return ClockState("none", _("No next step planned"))
    return _state(now, *min(running))


def _state(now: datetime, due: datetime, words: str) -> ClockState:
    if due < now:
        return ClockState("overdue", words, due)
    is_today = timezone.localtime(due).date() == timezone.localtime(now).date()
    return ClockState("today" if is_today else "running", words, due)


def replied(inquiry: Inquiry, at: datetime, actor: Any) -> None:
    """A person has answered: the first time counts for the promise, each for the follow-ups.

    Call it in the transaction that wrote the event of the answer.
    """
    # First, or the follow-up that begins now would be put off by a pause that lies behind it.
    resume(inquiry, actor)
    inquiry.first_reply_at = inquiry.first_reply_at or at
    inquiry.follow_ups_done = 0
    inquiry.follow_up_due = at + timedelta(days=FOLLOW_UPS[0])
    inquiry.next_action, inquiry.next_action_due = "", None
    inquiry.save(
        update_fields=[
            *("first_reply_at", "follow_ups_done", "follow_up_due"),
            *("next_action", "next_action_due"),
        ]
    )


@transaction.atomic
def talked(inquiry: Inquiry, text: str, actor: Any) -> None:
    """A call or a talk answered the inquirer, who had no mail: it counts as a reply."""
    locked = _locked(inquiry)
    now = timezone.now()
    # That it took place is no secret from who took part; the words are for colleagues.
    note_event(locked, InquiryEvent.Kind.CALL, actor=actor, text=text, at=now, is_public=True)
    replied(locked, now, actor)


@transaction.atomic
def followed_up(inquiry: Inquiry, text: str, actor: Any) -> bool:
    """Note a follow-up and plan the next: 3, 10 and 30 days after the reply. False without one."""
    locked = _locked(inquiry)
    if locked.follow_up_due is None:
        return False
    done = locked.follow_ups_done
    locked.follow_ups_done = done + 1
    is_last = done + 1 >= len(FOLLOW_UPS)
    pause = 0 if is_last else FOLLOW_UPS[done + 1] - FOLLOW_UPS[done]
    locked.follow_up_due = None if is_last else timezone.now() + timedelta(days=pause)
    locked.save(update_fields=["follow_ups_done", "follow_up_due"])
    note_event(locked, InquiryEvent.Kind.FOLLOW_UP, actor=actor, text=text, is_public=True)
    return True


@transaction.atomic
def plan_next_step(inquiry: Inquiry, words: str, due: datetime, actor: Any) -> None:
    """What happens next and by when; the inquirer reads it on the status page."""
    locked = _locked(inquiry)
    locked.next_action, locked.next_action_due = words, due
    locked.reminded_at = None
    locked.save(update_fields=["next_action", "next_action_due", "reminded_at"])
    kind = InquiryEvent.Kind.NEXT_STEP
    note_event(locked, kind, actor=actor, text=words, is_public=True)


@transaction.atomic
def pause(inquiry: Inquiry, reason: PauseReason, actor: Any) -> bool:
    """Stop the clocks. False if they stand still already."""
    locked = _locked(inquiry)
    if locked.paused_at or Status(locked.status).is_finished:
        return False
    locked.paused_at, locked.pause_reason = timezone.now(), reason
    locked.save(update_fields=["paused_at", "pause_reason"])
    note_event(locked, InquiryEvent.Kind.PAUSED, actor=actor, text=reason, is_public=True)
    return True


@transaction.atomic
def resume(inquiry: Inquiry, actor: Any) -> bool:
    """Let the clocks run again, later by the working time they stood still. False if they ran."""
    locked = _locked(inquiry)
    if locked.paused_at is None:
        return False
    hours = working_hours_between(locked.paused_at, timezone.now())
    rest = timedelta(seconds=float(hours) * 3600)
    for name in ("due_at", "next_action_due", "follow_up_due"):
        if moment := getattr(locked, name):
            setattr(locked, name, add_working_time(moment, rest) if rest else moment)
    locked.paused_at, locked.pause_reason = None, ""
    locked.save(
        update_fields=["due_at", "next_action_due", "follow_up_due", "paused_at", "pause_reason"]
    )
    note_event(locked, InquiryEvent.Kind.RESUMED, actor=actor, is_public=True)
    inquiry.refresh_from_db()
    return True


def _locked(inquiry: Inquiry) -> Inquiry:
    return Inquiry.objects.select_for_update().get(pk=inquiry.pk)
