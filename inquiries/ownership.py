"""Whose an inquiry is: routed by park, industry, language and rota; nobody's is impossible."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from inquiries import tasks
from inquiries.events import note_event
from inquiries.mail import new_message_id
from inquiries.models import Absence, Inquiry, InquiryEvent, OfficerProfile, OutgoingMail

NEVER = datetime.min.replace(tzinfo=UTC)
PROFILE_COLUMNS = ("kinds", "languages", "last_assigned_at")
PEOPLE = ("user", "backup")
USER_COLUMNS = ("username", "first_name", "last_name", "email", "is_active", "is_staff")


def route(inquiry: Inquiry, *, tells: bool = True) -> None:
    """Give a new inquiry an owner and a backup; call it in the transaction that stores it.

    First come officers who name its park, then its industry, then those who take everything; among
    equals whoever was given one longest ago. Absent ones are stood in for. When nobody fits,
    anybody in the rota gets it; without a rota it stays unassigned, and the chiefs are told after
    two working hours (``inquiries.reminders``). One query without officers, else five and the mail.
    Who routes many at once ``tells`` nobody and calls ``tell_owners`` at the end.
    """
    profiles = _rota()
    if not profiles:
        return
    away = _absences(timezone.localdate())
    found = _next_in_turn(inquiry, profiles, away)
    if found is not None:
        profile, owner = found
        backup = profile.backup if profile.backup_id not in {owner.pk, *away} else None
        hand_over(inquiry, owner, backup=backup)
        if tells:
            tell_owners([inquiry])


def hand_over(inquiry: Inquiry, owner: Any, *, backup: Any = None, actor: Any = None) -> None:
    """Make ``owner`` answer it, with an event. The mail is ``tell_owners``' business."""
    inquiry.assigned_to, inquiry.backup = owner, backup
    inquiry.save(update_fields=["assigned_to", "backup"])
    note_event(inquiry, InquiryEvent.Kind.ASSIGNED, actor=actor, text=str(owner))


def tell_owners(inquiries: Iterable[Inquiry]) -> None:
    """One mail to each owner of ``inquiries``, however many of them are his."""
    by_owner: dict[Any, list[Inquiry]] = defaultdict(list)
    for inquiry in inquiries:
        if inquiry.assigned_to is not None:
            by_owner[inquiry.assigned_to].append(inquiry)
    for owner, given in by_owner.items():
        kind = OutgoingMail.Kind.ASSIGNED if len(given) == 1 else OutgoingMail.Kind.DIGEST
        tell([owner], min(given, key=lambda inquiry: inquiry.due_at), kind)


def tell(users: list[Any], inquiry: Inquiry, kind: OutgoingMail.Kind) -> None:
    """Queue a mail that holds the reference and nothing of the sender, to those with an address."""
    mails = [
        OutgoingMail(inquiry=inquiry, kind=kind, recipient=user.email, message_id=new_message_id())
        for user in users
        if user.email
    ]
    tasks.enqueue_delivery(OutgoingMail.objects.bulk_create(mails))


@transaction.atomic
def cover_absences() -> int:
    """Hand over what belongs to somebody who is away or has left. Returns how many."""
    away = _absences(timezone.localdate())
    left = Q(assigned_to__is_active=False) | Q(assigned_to__is_staff=False)
    return _hand_over_each(Q(assigned_to__in=away) | left, away)


@transaction.atomic
def hand_over_all(user: Any, actor: Any, *, is_leaving: bool = True) -> int:
    """Hand over what ``user`` has open, and let him stand behind nobody. Returns how many.

    Somebody who only takes no inquiries any more keeps what nobody else could take; who
    ``is_leaving`` does not.
    """
    away = _absences(timezone.localdate())
    away.setdefault(user.pk, None)
    Inquiry.objects.open().filter(backup=user).update(backup=None)
    return _hand_over_each(Q(assigned_to=user), away, actor=actor, is_leaving=is_leaving)


def _hand_over_each(
    whose: Q, away: dict[int, Any], *, actor: Any = None, is_leaving: bool = False
) -> int:
    orphans = (
        Inquiry.objects.open()
        .filter(whose)
        .select_related("assigned_to__officer_profile__backup", "backup")
    )
    covered = [
        inquiry
        for inquiry in orphans.select_for_update(of=("self",))
        if _cover(inquiry, away, actor, is_leaving=is_leaving)
    ]
    tell_owners(covered)
    return len(covered)


def _cover(inquiry: Inquiry, away: dict[int, Any], actor: Any, *, is_leaving: bool) -> bool:
    """Stand-in, backup, whoever is next in the rota; a way back is no business of this."""
    absent = inquiry.assigned_to
    profile = getattr(absent, "officer_profile", None)
    near = [away.get(absent.pk), inquiry.backup, profile.backup if profile else None]
    takes = [user for user in near if user and user.pk not in {absent.pk, *away}]
    owner = next(filter(_works_here, takes), None)
    if owner is None:
        rota = [found for found in _rota() if found.user_id != absent.pk]
        found = _next_in_turn(inquiry, rota, away)
        owner = found[1] if found else None
    if owner is not None:
        keeps_backup = inquiry.backup_id not in {owner.pk, None}
        backup = inquiry.backup if keeps_backup else None
        hand_over(inquiry, owner, backup=backup, actor=actor)
        return True
    if _works_here(absent) and not is_leaving:
        return False
    # Who has left cannot keep it: as nobody's it is seen, and the chiefs are told.
    inquiry.assigned_to = None
    inquiry.save(update_fields=["assigned_to"])
    note_event(inquiry, InquiryEvent.Kind.ASSIGNED, actor=actor)
    return True


def adopt() -> int:
    """Route what is nobody's, now that there may be somebody. Returns how many found an owner."""
    if not _rota():
        return 0
    adopted = []
    for key in Inquiry.objects.open().filter(assigned_to=None).values_list("pk", flat=True):
        adopted += _adopt(key)
    tell_owners(adopted)
    return len(adopted)


@transaction.atomic
def _adopt(key: int) -> list[Inquiry]:
    """The inquiry, if it was nobody's until now and found an owner."""
    locked = Inquiry.objects.select_for_update().get(pk=key)
    if locked.assigned_to_id is not None:
        return []
    route(locked, tells=False)
    return [locked] if locked.assigned_to_id is not None else []


def chiefs() -> list[Any]:
    """Active staff who oversee all inquiries and can be written to."""
    users = get_user_model().objects.filter(is_active=True, is_staff=True).exclude(email="")
    oversees = Q(groups__permissions__codename="oversee_inquiry") | Q(
        user_permissions__codename="oversee_inquiry"
    )
    found = list(users.filter(oversees).distinct())
    return found or list(users.filter(is_superuser=True))


def _rota() -> list[OfficerProfile]:
    """All who take new inquiries, whoever was given one longest ago first.

    Asked while a visitor waits, so only for what tells whom to choose.
    """
    profiles = (
        OfficerProfile.objects.filter(is_in_rota=True, user__is_active=True, user__is_staff=True)
        .select_related("user", "backup")
        .prefetch_related("parks", "industries")
        .only(*PROFILE_COLUMNS, *(f"{who}__{name}" for who in PEOPLE for name in USER_COLUMNS))
        .order_by()
    )
    return sorted(profiles, key=lambda profile: (profile.last_assigned_at or NEVER, profile.pk))


def _next_in_turn(
    inquiry: Inquiry, profiles: list[OfficerProfile], away: dict[int, Any]
) -> tuple[OfficerProfile, Any] | None:
    """Whose turn it is, and who is there to take it; the turn is noted. None: nobody is there."""
    fitting = [profile for profile in profiles if _fits(profile, inquiry)] or profiles
    for profile in sorted(fitting, key=lambda profile: -_closeness(profile, inquiry)):
        owner = _present(profile, away)
        if owner is not None:
            OfficerProfile.objects.filter(pk=profile.pk).update(last_assigned_at=timezone.now())
            return profile, owner
    return None


def absence_of(user: Any) -> Absence | None:
    """The one that keeps ``user`` away today, if any; of several the one that ends last."""
    return _absent_on(timezone.localdate()).filter(user=user).order_by("-last_day").first()


def _absences(day: date) -> dict[int, Any]:
    """Who is away on ``day`` and who stands in, by the absent one's key."""
    rows = _absent_on(day).select_related("stand_in")
    return {row.user_id: row.stand_in for row in rows}


def _absent_on(day: date) -> QuerySet[Absence]:
    return Absence.objects.filter(first_day__lte=day, last_day__gte=day)


def _fits(profile: OfficerProfile, inquiry: Inquiry) -> bool:
    parks, industries = list(profile.parks.all()), list(profile.industries.all())
    return (
        profile.takes_kind(inquiry.kind)
        and profile.reads(inquiry.language)
        and (not parks or inquiry.park in parks)
        and (not industries or inquiry.industry in industries)
    )


def _closeness(profile: OfficerProfile, inquiry: Inquiry) -> int:
    names_park = inquiry.park is not None and inquiry.park in profile.parks.all()
    names_industry = inquiry.industry is not None and inquiry.industry in profile.industries.all()
    return 2 * names_park + names_industry


def _present(profile: OfficerProfile, away: dict[int, Any]) -> Any:
    """The officer, or whoever stands in; None if nobody of them is there."""
    for user in (profile.user, away.get(profile.user_id), profile.backup):
        if user and user.pk not in away and _works_here(user):
            return user
    return None


def _works_here(user: Any) -> bool:
    return user.is_active and user.is_staff
