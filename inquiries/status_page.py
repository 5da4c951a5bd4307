"""What an inquirer is told about where an inquiry stands. Their words, not the desk's.

Quarantine looks like a new inquiry, and nothing that colleagues note for one another is here:
events only if they are marked as public, the next step only if it was planned in public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.languages import HTML_LANGUAGES
from inquiries.choices import Kind, PauseReason, Status
from inquiries.models import Inquiry, InquiryEvent, OutgoingMail
from inquiries.presentation import local_date, local_day
from inquiries.working_days import end_of_day

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage in plain words, and what comes after it."""

    title: Words
    next: Words


RECEIVED = Stage(_("We have your inquiry"), _("An officer reads it and answers you."))
STAGES: dict[str, Stage] = {
    Status.NEW: RECEIVED,
    Status.SPAM: RECEIVED,
    Status.SCREENED: Stage(
        _("We are reading your inquiry"), _("The officer named here answers you.")
    ),
    Status.CONTACTED: Stage(
        _("We have answered you"), _("We are waiting for what you think of the answer.")
    ),
    Status.DIALOGUE: Stage(
        _("We are in contact with you"), _("We gather what a proposal to you needs.")
    ),
    Status.PROPOSAL: Stage(
        _("You have our proposal"), _("Read it and tell us what is missing; we suggest a visit.")
    ),
    Status.VISIT: Stage(_("A visit is planned"), _("You see the sites and meet who runs them.")),
    Status.NEGOTIATION: Stage(
        _("We are negotiating with you"), _("The open points of the contract are settled.")
    ),
    Status.SIGNED: Stage(
        _("The contract is signed"), _("The officer named here goes with you through the permits.")
    ),
    Status.LANDED: Stage(_("Your project is here"), _("The officer named here stays in charge.")),
    Status.NURTURE: Stage(
        _("We stay in contact"), _("We write to you when there is something new for your plan.")
    ),
    Status.OPEN: Stage(_("An officer is working on it"), _("The officer answers you.")),
    Status.ANSWERED: Stage(_("We have answered you"), _("Nothing, unless you write to us again.")),
    Status.CLOSED: Stage(_("The inquiry is closed"), _("Nothing, unless you write to us again.")),
}
REPORT_STAGES: dict[str, Stage] = {
    Status.NEW: Stage(_("We have your report"), _("An officer checks the page and answers you.")),
    Status.OPEN: Stage(_("An officer is checking the page"), _("The officer answers you.")),
    Status.ANSWERED: Stage(
        _("Your report is settled"), _("Nothing, unless you write to us again.")
    ),
}

BEFORE_ANSWER = (Status.NEW, Status.SCREENED)

PAUSES: dict[str, Words] = {
    PauseReason.INQUIRER: _("We are waiting for an answer of yours. You can add it below."),
    PauseReason.THIRD_PARTY: _("We are waiting for an answer of another authority."),
    PauseReason.REQUESTED: _("We are waiting, as you asked."),
}

EVENTS: dict[str, Words] = {
    InquiryEvent.Kind.RECEIVED: _("Your message arrived"),
    InquiryEvent.Kind.ASSIGNED: _("An officer took it in hand"),
    InquiryEvent.Kind.REPLY: _("We answered by e-mail"),
    InquiryEvent.Kind.INBOUND: _("A message of yours arrived"),
    InquiryEvent.Kind.CALL: _("We spoke with you"),
    InquiryEvent.Kind.FOLLOW_UP: _("We got in touch with you again"),
    InquiryEvent.Kind.NEXT_STEP: _("Next step planned"),
    InquiryEvent.Kind.PAUSED: _("Work paused"),
    InquiryEvent.Kind.RESUMED: _("Work goes on"),
    InquiryEvent.Kind.ADDED: _("You added information"),
    InquiryEvent.Kind.FILE: _("You added a file"),
    InquiryEvent.Kind.RATED: _("You rated the answer"),
    InquiryEvent.Kind.CONSENT: _("You withdrew your consent"),
    InquiryEvent.Kind.EXPORTED: _("You were given a copy of your data"),
}
#: Whose text is of the inquirer or was written for them; of all others it is a code, or a note
#: for colleagues.
WITH_WORDS = {
    InquiryEvent.Kind.NEXT_STEP,
    InquiryEvent.Kind.ADDED,
    InquiryEvent.Kind.FILE,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what happened."""

    at: datetime
    title: str
    words: str = ""

    @property
    def day(self) -> str:
        return local_day(self.at)


@dataclass(frozen=True, slots=True)
class Promised:
    """A question of the inquirer that is still open, and until when it will be answered."""

    question: str
    date: date

    @property
    def day(self) -> str:
        return local_date(self.date)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply that was sent."""

    day: str
    subject: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What happens next, by when if that is known, and whether it should have happened."""

    words: str
    at: datetime | None = None
    is_late: bool = False

    @property
    def day(self) -> str:
        return local_day(self.at) if self.at else ""


def status_address(inquiry: Inquiry) -> str:
    """Path of the private page, in the language of the request. Whoever knows it reads it all."""
    return private_address("status", inquiry)


def private_address(name: str, inquiry: Inquiry) -> str:
    """Path of a page of the inquirer. The secret is in the query: logs keep no queries."""
    return f"{reverse(f'inquiries:{name}')}?r={inquiry.secret}"


def find_by_secret(secret: str) -> Inquiry | None:
    """Whose secret it is; None also for what was erased. One query."""
    if not secret or len(secret) > 43:
        return None
    return (
        Inquiry.objects.filter(secret=secret, erased_at=None)
        .select_related("park", "project", "industry", "officer")
        .first()
    )


def stage_of(inquiry: Inquiry, status: str = "") -> Stage:
    """The stage (or an earlier one, ``status``) in plain words."""
    status = status or _stage_shown(inquiry)
    if inquiry.kind == Kind.REPORT and status in REPORT_STAGES:
        return REPORT_STAGES[status]
    return STAGES[status]


def _stage_shown(inquiry: Inquiry) -> str:
    """Who was answered is not told to wait for it, even if a gate held back the desk's stage."""
    if inquiry.status == Status.SPAM:
        return Status.NEW
    if inquiry.first_reply_at and inquiry.status in BEFORE_ANSWER:
        return Status.CONTACTED if Kind(inquiry.kind).is_in_pipeline else Status.OPEN
    return inquiry.status


def next_step(
    inquiry: Inquiry, events: list[InquiryEvent], promised: Sequence[Promised] = ()
) -> NextStep:
    """What happens next: what was planned in public or promised, else what the stage means."""
    if inquiry.paused_at:
        return NextStep(str(PAUSES[inquiry.pause_reason]))
    is_open = not Status(inquiry.status).is_finished or inquiry.status == Status.SPAM
    if is_open and inquiry.first_reply_at is None:
        is_late = inquiry.due_at < timezone.now()
        return NextStep(str(stage_of(inquiry).next), inquiry.due_at, is_late)
    planned = [event for event in events if event.kind == InquiryEvent.Kind.NEXT_STEP]
    if is_open and inquiry.next_action and planned:
        return NextStep(planned[-1].text or inquiry.next_action, inquiry.next_action_due)
    if is_open and promised:
        day = min(point.date for point in promised)
        at = end_of_day(day)
        return NextStep(str(_("We answer what is still open.")), at, at < timezone.now())
    return NextStep(str(stage_of(inquiry).next), inquiry.next_action_due if is_open else None)


def public_events(inquiry: Inquiry) -> list[InquiryEvent]:
    """What the inquirer may see of what happened. One query."""
    return list(inquiry.events.filter(is_public=True))


def timeline(inquiry: Inquiry, events: list[InquiryEvent]) -> list[Step]:
    """What happened, oldest first, without what says nothing to the inquirer."""
    steps = []
    for event in events:
        code = event.text.partition(" ")[0]
        if event.kind == InquiryEvent.Kind.STATUS and code in STAGES and code != Status.SPAM:
            steps.append(Step(event.at, str(stage_of(inquiry, code).title)))
        elif event.kind == InquiryEvent.Kind.MAIL_SENT and code == OutgoingMail.Kind.RECEIPT:
            steps.append(Step(event.at, str(_("The receipt was sent to you"))))
        elif event.kind in EVENTS:
            words = event.text if event.kind in WITH_WORDS else ""
            steps.append(Step(event.at, str(EVENTS[event.kind]), words))
    return steps


def promised_points(inquiry: Inquiry) -> list[Promised]:
    """Open questions with the day for which an answer was promised. One query."""
    points = inquiry.points.filter(answered_at=None).exclude(promised_for=None)
    return [Promised(point.text, point.promised_for) for point in points]


def answers(inquiry: Inquiry) -> list[Answer]:
    """What was answered, oldest first. One query."""
    return [
        Answer(local_day(reply.sent_at), reply.subject, reply.text, HTML_LANGUAGES[reply.language])
        for reply in inquiry.replies.exclude(sent_at=None)
    ]


def can_be_rated(inquiry: Inquiry) -> bool:
    """Once there is an answer of a person, and only once."""
    return inquiry.first_reply_at is not None and inquiry.rating is None
