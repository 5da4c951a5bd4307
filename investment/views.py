"""Public pages of projects and statistics."""

from itertools import groupby

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from core.facts import Fact, record_fact, total_fact
from core.languages import current_language
from core.measures import Unit
from core.timeline import TimelineItem
from investment.forms import ProjectFilterForm
from investment.models import Indicator, Project, ProjectMilestone, Stage, Statistic
from investment.series import IndicatorTable, indicator_tables
from publishing.pages import PublicPage, Step, absolute
from publishing.views import PublicDetailView, PublicListView, later

RELATED_PROJECTS = 3

#: What was promised beside what became of it.
PROMISES = (
    (_("Investment"), "promised_investment", "realised_investment"),
    (_("Output a year"), "promised_output", "realised_output"),
    (_("Tax a year"), "promised_tax", "realised_tax"),
    (_("Jobs"), "promised_jobs", "realised_jobs"),
)


class ProjectListView(PublicListView):
    """Landed projects with filters and the totals of what the filters leave."""

    model = Project
    template_name = "investment/project_list.html"
    page_title = _("Projects")
    page_description = _(
        "Investment projects with dated, sourced milestones: what was promised and what became"
        " of it."
    )

    def make_filter_form(self) -> ProjectFilterForm:
        years = Project.objects.public().milestone_years
        return ProjectFilterForm(self.request.GET, years=lambda: self.counted("years", years))

    def get_queryset(self) -> QuerySet:
        projects = super().get_queryset()
        self.totals = self.counted("totals", projects.totals, *self.narrowed_by())
        return projects

    def with_shown(self, rows: QuerySet) -> QuerySet:
        return rows.for_cards()

    def get_count(self, queryset: QuerySet) -> int:
        """The totals know it already."""
        return self.totals["projects"]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            totals=self.totals,
            investment=self.total(gettext("Promised investment"), "investment", Unit.YUAN),
            land=self.total(gettext("Land"), "land", Unit.M2),
            **kwargs,
        )

    def total(self, label: str, name: str, unit: str) -> Fact:
        """One total of the list."""
        is_complete = self.totals[f"{name}_stated"] == self.totals["projects"]
        return total_fact(label, self.totals[name], unit, is_complete=is_complete)


class ProjectDetailView(PublicDetailView):
    """One project: promised beside realised, and its dated milestones."""

    model = Project
    template_name = "investment/project_detail.html"

    def parents(self) -> list[Step]:
        return [Step(gettext("Projects"), reverse("investment:project_list"))]

    def get_page_queryset(self) -> QuerySet:
        projects = Project.objects.with_citation_rows()
        return projects.select_related("industry", "park__officer", "district").defer(
            "district__outline", "industry__body", "park__body"
        )

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(
            **later(
                promises=lambda: _promises(self.record),
                figures=lambda: [
                    record_fact(self.record, name) for name in ("land_area", "building_area")
                ],
                timeline=lambda: _timeline(self.record),
                contact=lambda: self.record.park.officer if self.record.park else None,
            ),
            related=Project.objects.public()
            .filter(industry_id=self.object.industry_id)
            .exclude(pk=self.object.pk)
            .stretch(0, RELATED_PROJECTS)
            .for_rows(),
            **kwargs,
        )


def _promises(project: Project) -> list[tuple[object, Fact, Fact]]:
    """Label, promised and realised figure; none at all if no source states any of them."""
    rows = [
        (label, record_fact(project, promised), record_fact(project, realised))
        for label, promised, realised in PROMISES
    ]
    is_stated = any(fact.is_stated for _label, *facts in rows for fact in facts)
    return rows if is_stated else []


def _timeline(project: Project) -> list[TimelineItem]:
    """Milestones by date; those without one stand last. One query."""
    milestones = sorted(
        project.milestones.select_related("source"),
        key=lambda step: (step.date is None, str(step.date or ""), Stage(step.kind).rank),
    )
    return [_timeline_item(milestone) for milestone in milestones]


def _timeline_item(milestone: ProjectMilestone) -> TimelineItem:
    label = str(Stage(milestone.kind).label)
    note = milestone.note or ""
    if milestone.title and milestone.title != label:
        note = f"{milestone.title}. {note}".strip() if note else milestone.title
    return TimelineItem(
        date_label=milestone.date.display() if milestone.date else "",
        title=label,
        note=note,
        is_done=milestone.is_done,
        source=milestone.source,
    )


class StatisticsView(PublicPage, TemplateView):
    """All figures by topic: a table for each indicator, and a chart where one helps."""

    template_name = "investment/statistics.html"
    page_title = _("Statistics")
    page_description = _(
        "Figures of the cluster, its districts and parks, each with unit, period, kind and source."
    )

    def structured_data(self) -> list[dict[str, object]]:
        return [
            {
                "@type": "Dataset",
                "name": self.get_title(),
                "description": self.get_description(),
                "url": absolute(reverse("investment:statistics")),
                "inLanguage": current_language(),
            }
        ]

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return super().get_context_data(**later(topics=_topics), **kwargs)


def _topics() -> list[tuple[Indicator.Topic, list[IndicatorTable]]]:
    """Tables of all indicators by topic. Two queries."""
    figures = Statistic.objects.for_tables().order_by("period_end", "pk")
    indicators = Indicator.objects.public().prefetch_related(
        Prefetch("statistics", queryset=figures.public())
    )
    tables = indicator_tables(indicators.order_by("topic", "order", "slug"))
    topics = [
        (Indicator.Topic(topic), list(group))
        for topic, group in groupby(tables, key=lambda table: table.indicator.topic)
    ]
    return sorted(topics, key=lambda entry: list(Indicator.Topic).index(entry[0]))
