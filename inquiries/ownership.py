"""Whose an inquiry is: routed by park, industry, language and rota; nobody's is impossible."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from inquiries import tasks
from inquiries.events import note_event
from inquiries.mail import new_message_id
from inquiries.models import Absence, Inquiry, InquiryEvent, OfficerProfile, OutgoingMail


def route(inquiry: Inquiry) -> None:
    """Give a new inquiry an owner and a backup; call it in the transaction that stores it.

    First come officers who name its park, then its industry, then those who take everything; among
    equals whoever was given one longest ago. Absent ones are stood in for. When nobody fits,
    anybody in the rota gets it; without a rota it stays unassigned, and the chiefs are told after
    two working hours (``inquiries.reminders``). One query without officers, else five and the mail.
    """
    profiles = _rota()
    if not profiles:
        return
    away = _absences(timezone.localdate())
    fitting = [profile for profile in profiles if _fits(profile, inquiry)] or profiles
    fitting.sort(key=lambda profile: -_closeness(profile, inquiry))
    for profile in fitting:
        owner = _present(profile, away)
        if owner is not None:
            backup = profile.backup if profile.backup_id not in {owner.pk, *away} else None
            OfficerProfile.objects.filter(pk=profile.pk).update(last_assigned_at=timezone.now())
            hand_over(inquiry, owner, backup=backup)
            return


def hand_over(inquiry: Inquiry, owner: Any, *, backup: Any = None, actor: Any = None) -> None:
    """Make ``owner`` answer it, with an event and a mail to the owner."""
    inquiry.assigned_to, inquiry.backup = owner, backup
    inquiry.save(update_fields=["assigned_to", "backup"])
    note_event(inquiry, InquiryEvent.Kind.ASSIGNED, actor=actor, text=owner.get_username())
    tell([owner], inquiry, OutgoingMail.Kind.ASSIGNED)


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
    orphans = (
        Inquiry.objects.open()
        .filter(Q(assigned_to__in=away) | left)
        .select_related("assigned_to__officer_profile__backup", "backup")
    )
    count = 0
    for inquiry in orphans.select_for_update(of=("self",)):
        count += _cover(inquiry, away)
    return count


def _cover(inquiry: Inquiry, away: dict[int, Any]) -> bool:
    """Stand-in, backup, whoever is in the rota; a way back is no business of this."""
    absent = inquiry.assigned_to
    profile = getattr(absent, "officer_profile", None)
    candidates = [away.get(absent.pk), inquiry.backup, profile.backup if profile else None]
    candidates += [found.user for found in _rota()]
    for user in candidates:
        if user and user.pk != absent.pk and user.pk not in away and _works_here(user):
            keeps_backup = inquiry.backup_id not in {user.pk, None}
            hand_over(inquiry, user, backup=inquiry.backup if keeps_backup else None)
            return True
    if _works_here(absent):
        return False
    # Who has left cannot keep it: as nobody's it is seen, and the chiefs are told.
    inquiry.assigned_to = None
    inquiry.save(update_fields=["assigned_to"])
    note_event(inquiry, InquiryEvent.Kind.ASSIGNED)
    return True


def adopt() -> int:
    """Route what is nobody's, now that there may be somebody. Returns how many found an owner."""
    if not _rota():
        return 0
    count = 0
    for inquiry in Inquiry.objects.open().filter(assigned_to=None):
        count += _adopt(inquiry)
    return count


@transaction.atomic
def _adopt(inquiry: Inquiry) -> bool:
    locked = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if locked.assigned_to_id is None:
        route(locked)
    return locked.assigned_to_id is not None


def chiefs() -> list[Any]:
    """Active staff who oversee all inquiries and can be written to."""
    users = get_user_model().objects.filter(is_active=True, is_staff=True).exclude(email="")
    oversees = Q(groups__permissions__codename="oversee_inquiry") | Q(
        user_permissions__codename="oversee_inquiry"
    )
    found = list(users.filter(oversees).distinct())
    return found or list(users.filter(is_superuser=True))


def _rota() -> list[OfficerProfile]:
    """All who take new inquiries, whoever was given one longest ago first."""
    return list(
        OfficerProfile.objects.filter(is_in_rota=True, user__is_active=True, user__is_staff=True)
        .select_related("user", "backup")
        .prefetch_related("parks", "industries")
        .order_by(F("last_assigned_at").asc(nulls_first=True), "pk")
    )


def _absences(day: date) -> dict[int, Any]:
    """Who is away on ``day`` and who stands in, by the absent one's key."""
    rows = Absence.objects.filter(first_day__lte=day, last_day__gte=day).select_related("stand_in")
    return {row.user_id: row.stand_in for row in rows}


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
