"""From one stage to the next: who may stand where, and what has to be known before.

A gate asks for what a colleague, the figures and the inquirer's own page rely on from there on.
What a gate asked for once stays asked for in all later stages, so a stage that is left out does
not leave its questions out.
"""

from __future__ import annotations

from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from inquiries import spam
from inquiries.choices import CloseReason, Kind, Status
from inquiries.events import note_event
from inquiries.models import Inquiry, InquiryEvent
from investment.models import Stage as ProjectStage

BASICS = ("role", "country", "industry")
PARK = ("proposed_park",)
PROJECT = ("signed_project",)
#: The production milestone: no field of the inquiry, but of its project.
PRODUCTION = "production"

GATES: dict[str, tuple[str, ...]] = {
    Status.SCREENED: BASICS,
    Status.CONTACTED: BASICS,
    Status.DIALOGUE: BASICS,
    Status.PROPOSAL: (*BASICS, *PARK),
    Status.VISIT: (*BASICS, *PARK, "visit_on"),
    Status.NEGOTIATION: (*BASICS, *PARK),
    Status.SIGNED: (*BASICS, *PARK, *PROJECT),
    Status.LANDED: (*BASICS, *PARK, *PROJECT, PRODUCTION),
}

#: What officers add to an inquiry and correct in it. The sender's own words are not among them.
DETAILS = (
    *(*BASICS, *PARK, "visit_on", *PROJECT, "close_reason", "lost_to"),
    *("backup", "is_confidential", "code_name", "next_action", "next_action_due"),
)


class GateClosed(ValidationError):
    """The stage needs something that is not known yet; ``fields`` says what, the message too."""

    def __init__(self, message: Any, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message, code="gate_closed")
        self.fields = fields


def stages_from(inquiry: Inquiry) -> tuple[Status, ...]:
    """Where the inquiry may stand, in order; from quarantine there is one way out."""
    if inquiry.status == Status.SPAM:
        return (Status.SPAM, Status.NEW)
    return (*Kind(inquiry.kind).stages, Status.SPAM)


def missing_for(inquiry: Inquiry, stage: str) -> tuple[str, ...]:
    """Names of the fields that ``stage`` asks for and the inquiry does not have.

    At most one query, for the milestone of a project that has landed.
    """
    wanted = GATES.get(stage, ()) if Kind(inquiry.kind).is_in_pipeline else ()
    missing = [name for name in wanted if not _has(inquiry, name)]
    if stage == Status.CLOSED and not inquiry.close_reason:
        missing.append("close_reason")
    if stage == Status.CLOSED and inquiry.close_reason == CloseReason.LOST and not inquiry.lost_to:
        missing.append("lost_to")
    return tuple(missing)


def _has(inquiry: Inquiry, name: str) -> bool:
    if name == "proposed_park":
        return bool(inquiry.proposed_park_id or inquiry.park_id)
    if name in {"signed_project", "industry"}:
        return getattr(inquiry, f"{name}_id") is not None
    if name == PRODUCTION:
        project = inquiry.signed_project
        # Without a project the gate names the project; one thing at a time.
        return project is None or _is_in_production(project)
    return bool(getattr(inquiry, name))


def _is_in_production(project: Any) -> bool:
    return project.milestones.filter(kind=ProjectStage.PRODUCTION, is_done=True).exists()


def name_of(field: str) -> str:
    """A field that a gate asks for, in the words of the form."""
    if field == PRODUCTION:
        return _("the milestone “In production” of the project, done")
    return str(Inquiry._meta.get_field(field).verbose_name)


def check_gate(inquiry: Inquiry, stage: str) -> None:
    """Raise GateClosed unless the inquiry, as it is in memory, may stand at ``stage``."""
    if stage not in (*Kind(inquiry.kind).stages, Status.SPAM):
        raise GateClosed(
            _("“%(stage)s” is no stage for this kind of inquiry (%(kind)s).")
            % {"stage": Status(stage).label, "kind": Kind(inquiry.kind).label}
        )
    if fields := missing_for(inquiry, stage):
        names = get_text_list([name_of(field) for field in fields], _("and"))
        raise GateClosed(
            _("“%(stage)s” still needs: %(fields)s.")
            % {"stage": Status(stage).label, "fields": names},
            fields,
        )


def check_details(before: Inquiry, after: Inquiry) -> None:
    """Raise GateClosed if ``after`` lacks what its stage needs and ``before`` had."""
    if set(missing_for(after, after.status)) - set(missing_for(before, after.status)):
        check_gate(after, after.status)


def with_values(inquiry: Inquiry, values: dict[str, Any]) -> Inquiry:
    """A copy with ``values``, for asking what would be missing then."""
    wanted = copy(inquiry)
    for name, value in values.items():
        setattr(wanted, name, value)
    return wanted


@transaction.atomic
def change_stage(inquiry: Inquiry, stage: str, actor: Any, **fields: Any) -> bool:
    """Move it to ``stage``, with ``fields`` that the gate asks for. False: it stood there.

    Raises GateClosed, with nothing changed, when something is missing.
    """
    now = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if stage == now.status:
        change_details(inquiry, actor, **fields)
        inquiry.status = now.status
        return False
    if Status.SPAM in {stage, now.status}:
        return _cross_quarantine(inquiry, now, stage, actor, fields)
    check_gate(with_values(now, fields), stage)
    _take(inquiry, now, fields)
    changes: dict[str, Any] = {"status": stage}
    if stage == Status.CLOSED:
        changes["closed_at"] = timezone.now()
    elif now.status == Status.CLOSED:
        changes |= {"closed_at": None, "close_reason": "", "lost_to": ""}
    _save(inquiry, {**fields, **changes})
    if changed := [name for name in fields if getattr(now, name) != fields[name]]:
        note_event(inquiry, InquiryEvent.Kind.DETAILS, actor=actor, text=" ".join(changed))
    # The inquirer sees it, too, in words of his own: see ``status_page``.
    note_event(inquiry, InquiryEvent.Kind.STATUS, actor=actor, text=stage, is_public=True)
    return True


def _cross_quarantine(
    inquiry: Inquiry, now: Inquiry, stage: str, actor: Any, fields: dict[str, Any]
) -> bool:
    """In or out, by the rules of ``inquiries.spam``."""
    if stage not in {Status.SPAM, Status.NEW}:
        raise GateClosed(_("Release it from quarantine first: set the stage to “New”."))
    change_details(inquiry, actor, **fields)
    if now.status == Status.SPAM:
        return spam.release(inquiry, actor)
    return spam.quarantine(inquiry, actor)


@transaction.atomic
def change_details(inquiry: Inquiry, actor: Any, **fields: Any) -> bool:
    """Fill in or correct ``fields`` (of DETAILS) and note which. False: they were so already.

    What the gate of its stage asked for can be corrected, not taken out again.
    """
    if unknown := set(fields) - set(DETAILS):
        raise ValueError(f"Not for officers to change: {sorted(unknown)}")
    now = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    changed = {name: value for name, value in fields.items() if getattr(now, name) != value}
    if not changed:
        return False
    check_details(now, with_values(now, changed))
    _take(inquiry, now, fields)
    _save(inquiry, changed)
    steps = {"next_action", "next_action_due"}
    if steps & set(changed):
        words = inquiry.next_action
        note_event(inquiry, InquiryEvent.Kind.NEXT_STEP, actor=actor, text=words)
    if rest := [name for name in changed if name not in steps]:
        note_event(inquiry, InquiryEvent.Kind.DETAILS, actor=actor, text=" ".join(rest))
    return True


@transaction.atomic
def change_kind(inquiry: Inquiry, kind: str, actor: Any) -> bool:
    """Put it into another queue; a stage that the new queue does not have becomes its first."""
    now = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    inquiry.kind = kind
    if now.kind == kind:
        return False
    changes = {"kind": kind}
    is_new_stage = now.status not in (*Kind(kind).stages, Status.SPAM)
    if is_new_stage:
        is_begun = not Kind(kind).is_in_pipeline
        changes["status"] = Status.OPEN if is_begun else Status.NEW
    _save(inquiry, changes)
    note_event(inquiry, InquiryEvent.Kind.DETAILS, actor=actor, text="kind")
    if is_new_stage:
        note_event(inquiry, InquiryEvent.Kind.STATUS, actor=actor, text=changes["status"])
    return True


def _take(inquiry: Inquiry, now: Inquiry, fields: dict[str, Any]) -> None:
    """What is stored, into the caller's copy, so that a stale copy overwrites nothing."""
    for name in (*DETAILS, "kind", "closed_at"):
        if name not in fields:
            field = Inquiry._meta.get_field(name)
            setattr(inquiry, field.attname, getattr(now, field.attname))


def _save(inquiry: Inquiry, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(inquiry, name, value)
    inquiry.save(update_fields=list(values))
