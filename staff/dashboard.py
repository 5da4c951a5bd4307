"""What needs a member of staff today: the first page of the desk.

Every panel shows only what its reader may see, and the whole page costs at most twelve queries
with session and permissions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, F, Min, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.desk import LANGUAGE_NAMES
from core.heartbeat import worker_state
from core.languages import HTML_LANGUAGES, LANGUAGE_CODES, column, current_language, reading_order
from core.models import Citation
from inquiries.filters import due_by, tonight
from inquiries.inbound import unfiled
from inquiries.models import AnswerBlock, InboundMail, Inquiry, OutgoingMail
from inquiries.reminders import is_too_long
from investment.models import Indicator, Project, Statistic
from news.models import Post, Question
from parks.models import Industry, Park
from portal.models import HistoryEvent, Page
from publishing.admin_filters import missing_text
from publishing.models import Publishable
from publishing.visibility import Status, public_q

#: All public records, in the order in which their counts are shown.
MODELS: tuple[type[Publishable], ...] = (
    Post,
    Park,
    Industry,
    Project,
    Indicator,
    HistoryEvent,
    Page,
)
LONGEST_LIST = 8

#: Which list a count of inquiries leads to.
INQUIRY_LISTS: dict[str, tuple[type[models.Model], str]] = {
    "failed": (OutgoingMail, "status__exact=failed"),
    "overdue": (Inquiry, "clock=overdue"),
    "nobodys": (Inquiry, "clock=open&assigned=nobody"),
    "today": (Inquiry, "clock=today&assigned=me"),
    "follow_ups": (Inquiry, "clock=follow_up&assigned=me"),
    "reports": (Inquiry, "clock=open&kind=report"),
    "open": (Inquiry, "clock=open"),
}


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits: how many, of what, and where to go."""

    count: int
    words: str
    address: str
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A record in a list of the dashboard."""

    title: str
    kind: str
    address: str
    status: str
    status_label: str
    moment: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many records of one kind there are, and how many lack which language."""

    kind: str
    address: str
    total: int
    public: int
    missing: list[Missing]


@dataclass(frozen=True, slots=True)
class Missing:
    """Records of one kind without a text in one language."""

    name: str
    html_language: str
    count: int
    address: str


@dataclass(slots=True)
class Dashboard:
    """Everything the first page shows."""

    tasks: list[Task] = field(default_factory=list)
    waiting: list[Item] = field(default_factory=list)
    recent: list[Item] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    add_links: list[tuple[str, str]] = field(default_factory=list)
    languages: list[tuple[str, str]] = field(default_factory=list)


def _list_address(model: type[models.Model], query: str = "") -> str:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return f"{address}?{query}" if query else address


def _may(request: HttpRequest, action: str, model: type[models.Model]) -> bool:
    return request.user.has_perm(f"{model._meta.app_label}.{action}_{model._meta.model_name}")


def _visible(request: HttpRequest) -> list[type[Publishable]]:
    return [model for model in MODELS if _may(request, "view", model)]


def _title(model: type[Publishable]) -> Any:
    """The headline in the reader's language or the nearest there is, as an expression."""
    texts = [
        NullIf(F(column(model.title_field, code)), Value(""))
        for code in reading_order(current_language())
    ]
    return Coalesce(*texts, F("slug"), output_field=models.CharField())


def _rows(model: type[Publishable]) -> models.QuerySet:
    return (
        model.objects.order_by()
        .annotate(
            place=Value(MODELS.index(model), output_field=models.IntegerField()),
            headline=_title(model),
            who=F("updated_by__username"),
        )
        .values_list("place", "pk", "headline", "status", "updated_at", "who")
    )


def _items(querysets: list[models.QuerySet]) -> list[Item]:
    """The latest rows of several tables. One query."""
    if not querysets:
        return []
    first, *others = querysets
    rows = first.union(*others, all=True).order_by("-updated_at")[:LONGEST_LIST]
    items = []
    for place, pk, headline, status, moment, who in rows:
        meta = MODELS[place]._meta
        items.append(
            Item(
                title=headline,
                kind=str(meta.verbose_name),
                address=reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[pk]),
                status=status,
                status_label=str(Status(status).label),
                moment=moment,
                who=who or "",
            )
        )
    return items


def _coverage(visible: list[type[Publishable]]) -> tuple[list[Coverage], dict[str, int]]:
    """Counts of all kinds, and drafts and reviews over all kinds. One query."""
    if not visible:
        return [], {}
    querysets = []
    for model in visible:
        missing = {
            f"missing_{code.replace('-', '_')}": Count("pk", filter=missing_text(model, code))
            for code in LANGUAGE_CODES
        }
        querysets.append(
            model.objects.order_by()
            .annotate(place=Value(MODELS.index(model), output_field=models.IntegerField()))
            .values("place")
            .annotate(
                total=Count("pk"),
                public=Count("pk", filter=public_q(timezone.now())),
                drafts=Count("pk", filter=Q(status=Status.DRAFT)),
                reviews=Count("pk", filter=Q(status=Status.IN_REVIEW)),
                **missing,
            )
        )
    first, *others = querysets
    rows = list(first.union(*others, all=True))
    coverage = []
    for row in sorted(rows, key=lambda row: row["place"]):
        model = MODELS[row["place"]]
        coverage.append(
            Coverage(
                kind=str(model._meta.verbose_name_plural),
                address=_list_address(model),
                total=row["total"],
                public=row["public"],
                missing=[
                    Missing(
                        name=LANGUAGE_NAMES[code],
                        html_language=HTML_LANGUAGES[code],
                        count=row[f"missing_{code.replace('-', '_')}"],
                        address=_list_address(model, f"translation=missing-{code}"),
                    )
                    for code in LANGUAGE_CODES
                ],
            )
        )
    return coverage, {
        "reviews": sum(row["reviews"] for row in rows),
        "drafts": sum(row["drafts"] for row in rows),
    }


def decision_tasks(request: HttpRequest) -> list[Task]:
    """What waits for a decision: readers' questions, mails, answer blocks. One query for all."""
    waiting: dict[str, models.QuerySet] = {}
    if _may(request, "change", Question):
        waiting["questions"] = Question.objects.filter(status=Question.Status.PENDING)
    if _may(request, "change", InboundMail):
        waiting["mails"] = unfiled(request.user)
    if request.user.has_perm("inquiries.approve_answerblock"):
        waiting["blocks"] = AnswerBlock.objects.filter(approved_at=None)
    rows = [found.order_by().values_list(Value(name)) for name, found in waiting.items()]
    counts = Counter(name for [name] in rows[0].union(*rows[1:], all=True)) if rows else Counter()
    questions, mails, blocks = counts["questions"], counts["mails"], counts["blocks"]
    tasks = {
        "questions": Task(
            questions,
            ngettext("reader's question waits", "readers' questions wait", questions),
            _list_address(Question, "status__exact=pending"),
            questions > 0,
        ),
        "mails": Task(
            mails,
            ngettext("message to be filed", "messages to be filed", mails),
            reverse("admin:inquiries_inbox"),
            mails > 0,
        ),
        "blocks": Task(
            blocks,
            ngettext("answer block to approve", "answer blocks to approve", blocks),
            _list_address(AnswerBlock, "approved_at__isempty=1"),
            blocks > 0,
        ),
    }
    # Without a mailbox there never is a message to be filed.
    return [tasks[name] for name in waiting if name != "mails" or mails]


def inquiry_tasks(request: HttpRequest) -> list[Task]:
    """What is late, nobody's, due today and to be followed up. Two queries."""
    if not _may(request, "view", Inquiry):
        return []
    counts = _inquiry_counts(request.user)
    oldest = counts.pop("oldest_of_nobody")
    urgent = {"failed", "overdue"}
    if oldest and is_too_long(oldest, timezone.now()):
        urgent.add("nobodys")
    shown = [
        ("failed", ngettext("mail was given up", "mails were given up", counts["failed"])),
        ("overdue", ngettext("overdue inquiry", "overdue inquiries", counts["overdue"])),
        ("nobodys", ngettext("inquiry of nobody", "inquiries of nobody", counts["nobodys"])),
        ("today", ngettext("of mine due today", "of mine due today", counts["today"])),
        ("follow_ups", ngettext("follow-up to do", "follow-ups to do", counts["follow_ups"])),
        ("reports", ngettext("report of an error", "reports of errors", counts["reports"])),
        ("open", ngettext("inquiry is open", "inquiries are open", counts["open"])),
    ]
    tasks = [
        Task(counts[name], words, _list_address(*INQUIRY_LISTS[name]), is_urgent=name in urgent)
        for name, words in shown
        if counts[name] or name == "open"
    ]
    return [*worker_task(), *tasks]


def _inquiry_counts(user: Any) -> dict[str, Any]:
    """Open inquiries that ``user`` may see, by what they need, and nobody's oldest. One query."""
    now = timezone.now()
    waiting = Q(first_reply_at=None, paused_at=None)
    wanted = {
        "open": Q(),
        "overdue": waiting & Q(due_at__lt=now),
        "nobodys": Q(assigned_to=None),
        "today": Q(assigned_to=user) & due_by(tonight()),
        "follow_ups": Q(assigned_to=user, follow_up_due__lte=tonight()),
        "reports": Q(kind=Inquiry.Kind.REPORT),
    }
    failed = Count("mails", filter=Q(mails__status=OutgoingMail.Status.FAILED), distinct=True)
    counts = {name: Count("pk", filter=chosen, distinct=True) for name, chosen in wanted.items()}
    oldest = Min("created_at", filter=wanted["nobodys"])
    inquiries = Inquiry.objects.visible_to(user).open()
    return inquiries.aggregate(failed=failed, oldest_of_nobody=oldest, **counts)


def worker_task() -> list[Task]:
    """A task worker that is dead: nothing is mailed, nobody is reminded. One query."""
    if worker_state() != "silent":
        return []
    waiting = _list_address(OutgoingMail, "status__exact=queued")
    return [Task(1, _("task worker is silent: no mail goes out"), waiting, is_urgent=True)]


def overdue_task(request: HttpRequest) -> Task | None:
    """Figures whose review is overdue: statistics, and citations in records. One query."""
    if not _may(request, "view", Statistic):
        return None
    late = Q(review_due__lt=timezone.localdate())
    statistics, citations = (
        model.objects.order_by().filter(late).values("pk") for model in (Statistic, Citation)
    )
    count = statistics.union(citations, all=True).count()
    words = ngettext("figure is overdue for review", "figures are overdue for review", count)
    return Task(count, words, _list_address(Statistic, "review=overdue"), count > 0)


def _tasks(request: HttpRequest, states: dict[str, int]) -> Iterator[Task]:
    yield from inquiry_tasks(request)
    yield from decision_tasks(request)
    if (overdue := overdue_task(request)) is not None:
        yield overdue
    if states:
        reviews, drafts = states["reviews"], states["drafts"]
        yield Task(reviews, _("in review"), "#waiting")
        yield Task(drafts, ngettext("draft", "drafts", drafts), "#waiting")


def dashboard(request: HttpRequest) -> Dashboard:
    """The first page for this member of staff."""
    visible = _visible(request)
    coverage, states = _coverage(visible)
    unfinished = Q(status__in=(Status.DRAFT, Status.IN_REVIEW))
    return Dashboard(
        tasks=list(_tasks(request, states)),
        waiting=_items([_rows(model).filter(unfinished) for model in visible]),
        recent=_items([_rows(model) for model in visible]),
        coverage=coverage,
        add_links=[
            (
                str(model._meta.verbose_name),
                reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add"),
            )
            for model in MODELS
            if _may(request, "add", model)
        ],
        languages=[(HTML_LANGUAGES[code], LANGUAGE_NAMES[code]) for code in LANGUAGE_CODES],
    )
