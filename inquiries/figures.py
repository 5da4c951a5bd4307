"""How inquiries were answered in a period: medians, shares, stages, reasons.

Tests and quarantine do not count. A median is never shown without the number it is made of, and a
90th percentile only from ten answers on: of fewer it would be the slowest one under another name.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from core.languages import translated
from inquiries.choices import PIPELINE, Channel, CloseReason, Kind, Status
from inquiries.models import Inquiry, InquiryEvent
from inquiries.working_hours import working_hours_between
from parks.models import Park

FEWEST_FOR_PERCENTILE = 10
#: Stages that lead to an investment, in order; nurture and closed are ways out of it.
FUNNEL = tuple(stage for stage in PIPELINE if stage not in {Status.NURTURE, Status.CLOSED})
#: Closed for one of these, an inquiry needs no answer.
NO_ANSWER_OWED = frozenset({CloseReason.DUPLICATE, CloseReason.WITHDRAWN})
LONGEST_LIST = 8


@dataclass(frozen=True, slots=True)
class Period:
    """Days by the portal's clock, the last one included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        return _midnight(self.last + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Answered:
    """What figures need of one inquiry."""

    pk: int
    kind: str
    channel: str
    language: str
    park_id: int | None
    assigned_to_id: int | None
    status: str
    close_reason: str
    lost_to: str
    is_confidential: bool
    created_at: datetime
    due_at: datetime
    first_reply_at: datetime | None
    paused_at: datetime | None

    @property
    def is_judged(self) -> bool:
        """Whether the promise was kept or broken; not yet while there is time."""
        if self.first_reply_at:
            return True
        is_excused = self.paused_at is not None or self.close_reason in NO_ANSWER_OWED
        return not is_excused and self.due_at < timezone.now()

    @property
    def is_in_time(self) -> bool:
        return self.first_reply_at is not None and self.first_reply_at <= self.due_at

    @property
    def is_past_due(self) -> bool:
        is_open = not Status(self.status).is_finished and self.first_reply_at is None
        return is_open and self.is_judged


@dataclass(frozen=True, slots=True)
class Summary:
    """One row of a table."""

    label: str
    received: int
    answers: int
    median_hours: float | None
    slow_hours: float | None
    in_time: int | None  # percent
    judged: int
    past_due: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by one thing: officer, park …"""

    title: str
    rows: list[Summary]


@dataclass(frozen=True, slots=True)
class Step:
    """How many inquiries came as far as a stage, or further."""

    label: str
    count: int
    share: int | None  # of all, in percent
    of_previous: int | None


@dataclass(slots=True)
class Figures:
    """Everything on the page."""

    period: Period
    total: Summary
    tables: list[Table] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    reasons: list[tuple[str, int]] = field(default_factory=list)
    lost_to: list[tuple[str, int]] = field(default_factory=list)


def figures(period: Period, user: Any) -> Figures:
    """Four queries, however many inquiries. Officers see themselves and the totals."""
    rows = [
        Answered(*values)
        for values in Inquiry.objects.counted()
        .filter(created_at__gte=period.start, created_at__lt=period.end)
        .values_list(*Answered.__slots__)
    ]
    sees_all = user.has_perm("inquiries.oversee_inquiry")
    hours = _hours(rows)
    result = Figures(period, _summary(_("All"), rows, hours))
    officers = [row for row in rows if sees_all or row.assigned_to_id == user.pk]
    names = _names(officers, rows)

    def table(title: str, label: Callable[[Answered], str], chosen: list[Answered]) -> None:
        groups: dict[str, list[Answered]] = defaultdict(list)
        for row in chosen:
            groups[label(row)].append(row)
        ordered = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
        result.tables.append(
            Table(title, [_summary(name, group, hours) for name, group in ordered])
        )

    table(
        _("By officer"),
        lambda row: names.officers.get(row.assigned_to_id, _("Nobody yet")),
        officers,
    )
    table(_("By kind"), lambda row: str(Kind(row.kind).label), rows)
    table(_("By park"), lambda row: names.parks.get(row.park_id, _("No park named")), rows)
    table(_("By source"), lambda row: str(Channel(row.channel).label), rows)
    table(_("By language"), lambda row: names.languages.get(row.language, row.language), rows)
    pipeline = [row for row in rows if Kind(row.kind).is_in_pipeline]
    result.steps = _steps(pipeline, period)
    closed = [row for row in rows if row.status == Status.CLOSED]
    result.reasons = [
        (str(CloseReason(reason).label), count)
        for reason, count in Counter(row.close_reason for row in closed).most_common()
        if reason
    ]
    result.lost_to = Counter(
        row.lost_to for row in closed if row.lost_to and (sees_all or not row.is_confidential)
    ).most_common(LONGEST_LIST)
    return result


@dataclass(frozen=True, slots=True)
class Names:
    officers: dict[int | None, str]
    parks: dict[int | None, str]
    languages: dict[str, str]


def _names(officers: list[Answered], rows: list[Answered]) -> Names:
    """What officers and parks are called. Two queries."""
    users = get_user_model().objects.filter(pk__in={row.assigned_to_id for row in officers})
    parks = Park.objects.filter(pk__in={row.park_id for row in rows})
    languages = Inquiry._meta.get_field("language").flatchoices
    return Names(
        officers={user.pk: str(user) for user in users},
        parks={park.pk: translated(park, "name").value for park in parks},
        languages={code: str(label) for code, label in languages},
    )


def _hours(rows: Iterable[Answered]) -> dict[int, Decimal]:
    """Working hours until a person replied, by inquiry; counted once for all tables."""
    return {
        row.pk: working_hours_between(row.created_at, row.first_reply_at)
        for row in rows
        if row.first_reply_at
    }


def _summary(label: str, rows: list[Answered], hours: dict[int, Decimal]) -> Summary:
    taken = sorted(hours[row.pk] for row in rows if row.pk in hours)
    judged = [row for row in rows if row.is_judged]
    return Summary(
        label=label,
        received=len(rows),
        answers=len(taken),
        median_hours=round(float(median(taken)), 1) if taken else None,
        slow_hours=percentile(taken, 90) if len(taken) >= FEWEST_FOR_PERCENTILE else None,
        in_time=percent(sum(row.is_in_time for row in judged), len(judged)),
        judged=len(judged),
        past_due=sum(row.is_past_due for row in rows),
    )


def percentile(ordered: list[Decimal], rank: int) -> float:
    """The smallest value that ``rank`` percent of them do not exceed."""
    place = math.ceil(len(ordered) * rank / 100) - 1
    return round(float(ordered[place]), 1)


def percent(part: int, whole: int) -> int | None:
    """None of nothing: 0 % would be a statement."""
    return round(100 * part / whole) if whole else None


def _steps(rows: list[Answered], period: Period) -> list[Step]:
    """How far each came at any time, by its events and where it stands now. One query."""
    place = {str(stage): number for number, stage in enumerate(FUNNEL)}
    furthest = {row.pk: place.get(row.status, 0) for row in rows}
    events = InquiryEvent.objects.filter(
        kind=InquiryEvent.Kind.STATUS,
        text__in=place,
        inquiry__created_at__gte=period.start,
        inquiry__created_at__lt=period.end,
    ).values_list("inquiry_id", "text")
    for pk, stage in events:
        if pk in furthest:
            furthest[pk] = max(furthest[pk], place[stage])
    counts = [sum(reached >= number for reached in furthest.values()) for number in place.values()]
    return [
        Step(
            label=str(stage.label),
            count=counts[number],
            share=percent(counts[number], len(rows)),
            of_previous=percent(counts[number], counts[number - 1]) if number else None,
        )
        for number, stage in enumerate(FUNNEL)
    ]


def table_rows(result: Figures) -> list[list[str]]:
    """Everything as rows of one sheet: which table, what, how many of what."""
    rows = [_cells("", result.total)]
    for table in result.tables:
        rows += [_cells(table.title, row) for row in table.rows]
    blank = [""] * 6
    rows += [[_("Stages"), step.label, str(step.count), *blank] for step in result.steps]
    rows += [[_("Why closed"), reason, str(count), *blank] for reason, count in result.reasons]
    rows += [[_("Lost to"), place, str(count), *blank] for place, count in result.lost_to]
    return rows


def table_head() -> list[str]:
    return [
        _("table"),
        _("row"),
        _("inquiries"),
        _("answers"),
        _("median, working hours"),
        _("90th percentile, working hours"),
        _("in time, percent"),
        _("judged"),
        _("open past due"),
    ]


def _cells(title: str, row: Summary) -> list[str]:
    values = (row.received, row.answers, row.median_hours, row.slow_hours, row.in_time)
    values += (row.judged, row.past_due)
    return [title, row.label, *("" if value is None else str(value) for value in values)]


def month_of(day: date) -> Period:
    """The whole calendar month that ``day`` lies in."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Period(first, following - timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())
