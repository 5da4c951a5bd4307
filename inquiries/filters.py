"""What the list and the board can be narrowed by: the same names in both addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inquiries.choices import Channel, InquirerCountries, Kind, Status
from inquiries.models import Inquiry, InquiryQuerySet
from parks.models import Park

Choices = list[tuple[str, str]]
ME = "me"
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice: its name in the address, its words, what it offers and what it leaves."""

    name: str
    title: Any
    choices: Callable[[], Choices]
    narrow: Callable[[InquiryQuerySet, str, Any], QuerySet]


def by_field(field: str) -> Callable[[InquiryQuerySet, str, Any], QuerySet]:
    return lambda queryset, value, user: queryset.filter(**{field: value})


def tonight() -> datetime:
    """The end of this day."""
    return timezone.localtime().replace(hour=23, minute=59, second=59)


def due_by(moment: datetime) -> Q:
    """What has to be done until then: a first reply whose clock runs, or a next step."""
    waiting = Q(first_reply_at=None, paused_at=None)
    return waiting & Q(due_at__lte=moment) | Q(next_action_due__lte=moment)


def _clocks() -> Choices:
    return [
        ("open", _("Open")),
        ("waiting", _("Waiting for an answer")),
        ("overdue", _("Overdue")),
        ("today", _("Due today")),
        ("follow_up", _("To be followed up")),
    ]


def _by_clock(queryset: InquiryQuerySet, value: str, user: Any) -> QuerySet:
    if value == "today":
        return queryset.open().filter(due_by(tonight()))
    if value == "follow_up":
        return queryset.open().filter(follow_up_due__lte=tonight())
    by_name = {"open": queryset.open, "waiting": queryset.waiting, "overdue": queryset.overdue}
    return by_name[value]() if value in by_name else queryset


def is_number(value: str) -> bool:
    """Whether it can be the number of a row: longer ones fit into no database."""
    return value.isdecimal() and len(value) <= 18


def officers() -> QuerySet:
    """Who can be made owner of an inquiry: staff who may work on it."""
    right = {"codename": "change_inquiry", "content_type__app_label": "inquiries"}
    may_work = (
        Q(is_superuser=True)
        | Q(groups__permissions__in=Permission.objects.filter(**right))
        | Q(user_permissions__in=Permission.objects.filter(**right))
    )
    people = get_user_model().objects.filter(is_staff=True, is_active=True)
    return people.filter(may_work).distinct().order_by("username")


def _owners() -> Choices:
    people = get_user_model().objects.filter(is_active=True, inquiries__isnull=False).distinct()
    names = [(str(user.pk), str(user)) for user in people.order_by("username")]
    return [(ME, _("Me")), (NOBODY, _("Nobody")), *names]


def _by_owner(queryset: InquiryQuerySet, value: str, user: Any) -> QuerySet:
    if value == ME:
        return queryset.filter(assigned_to=user)
    if value == NOBODY:
        return queryset.filter(assigned_to=None)
    return queryset.filter(assigned_to=value) if is_number(value) else queryset


def _parks() -> Choices:
    parks = Park.objects.filter(inquiries__isnull=False).distinct()
    return [(str(park.pk), str(park)) for park in parks]


def _by_park(queryset: InquiryQuerySet, value: str, user: Any) -> QuerySet:
    return queryset.filter(park=value) if is_number(value) else queryset


def _countries() -> Choices:
    """Only those that inquiries came from."""
    codes = set(Inquiry.objects.exclude(country="").values_list("country", flat=True).distinct())
    return [(code, str(name)) for code, name in InquirerCountries() if code in codes]


KIND = Filter("kind", gettext_lazy("kind"), lambda: list(Kind.choices), by_field("kind"))
STAGE = Filter("stage", gettext_lazy("stage"), lambda: list(Status.choices), by_field("status"))
CLOCK = Filter("clock", gettext_lazy("clock"), _clocks, _by_clock)
OWNER = Filter("assigned", gettext_lazy("owner"), _owners, _by_owner)
PARK = Filter("park", gettext_lazy("park"), _parks, _by_park)
CHANNEL = Filter(
    "channel", gettext_lazy("how it came"), lambda: list(Channel.choices), by_field("channel")
)
LANGUAGE = Filter(
    "language", gettext_lazy("language"), lambda: list(settings.LANGUAGES), by_field("language")
)
COUNTRY = Filter("country", gettext_lazy("country/region"), _countries, by_field("country"))

#: In the order in which they are shown; the board leaves out the stage, which is its columns.
ALL = (CLOCK, KIND, STAGE, OWNER, PARK, CHANNEL, LANGUAGE, COUNTRY)
BOARD = tuple(chosen for chosen in ALL if chosen is not STAGE)


def without_tests(queryset: QuerySet, user: Any) -> QuerySet:
    """A chief does not have the month's test among the work; officers are not to know it."""
    if user.has_perm("inquiries.oversee_inquiry"):
        return queryset.filter(is_synthetic=False)
    return queryset


def narrowed(queryset: QuerySet, filters: tuple[Filter, ...], request: HttpRequest) -> QuerySet:
    """``queryset`` as the address asks for it; what it does not know it leaves out."""
    for chosen in filters:
        if value := request.GET.get(chosen.name, ""):
            queryset = chosen.narrow(queryset, value[:40], request.user)
    return queryset
