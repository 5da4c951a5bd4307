"""The desk for projects and figures."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.admin import review_badge
from core.desk import TranslatedModelAdmin, TranslatedTabularInline
from core.measures import format_value
from investment.models import Indicator, Project, ProjectMilestone, Statistic
from publishing.admin import PublishableAdmin


class MilestoneInline(TranslatedTabularInline):
    model = ProjectMilestone
    fields = ("kind", "date", "is_done", "title", "note", "source")
    autocomplete_fields = ("source",)
    classes = ("desk-wide",)


@admin.register(Project)
class ProjectAdmin(PublishableAdmin):
    """What was promised, what became of it, step by step."""

    list_display = (
        "headline",
        "status_badge",
        "stage_shown",
        "industry",
        "park",
        "languages",
        "changed",
    )
    list_filter = (*PublishableAdmin.list_filter, "stage", "industry", "park", "consent")
    list_select_related = ("industry", "park")
    autocomplete_fields = ("industry", "park", "district")
    inlines = [MilestoneInline]
    content = [
        (
            _("What the page says"),
            {"fields": ["name", "investor", "origin", "summary", "body", "products"]},
        ),
        (_("Line and place"), {"fields": ["industry", ("park", "district")]}),
        (
            _("Promised and realised"),
            {
                "fields": [
                    ("promised_investment", "realised_investment"),
                    ("promised_output", "realised_output"),
                    ("promised_tax", "realised_tax"),
                    ("promised_jobs", "realised_jobs"),
                    ("land_area", "building_area"),
                ],
                "description": _(
                    "Leave a figure empty if no source states it: the page then says so. "
                    "The stage of the project follows from its milestones below."
                ),
            },
        ),
        (_("May it be shown?"), {"fields": ["consent"]}),
        (_("How it looks"), {"fields": ["illustration"]}),
    ]

    @admin.display(description=_("stage"), ordering="stage_date")
    def stage_shown(self, project: Project) -> str:
        when = project.stage_date.display(short=True) if project.stage_date else ""
        return f"{project.stage_label} {when}".strip() or "–"


@admin.register(Indicator)
class IndicatorAdmin(PublishableAdmin):
    """What is counted; its figures are entered under "Figures"."""

    list_display = ("headline", "status_badge", "topic", "unit", "chart", "languages", "order")
    list_filter = (*PublishableAdmin.list_filter, "topic", "chart")
    citations = False
    content = [
        (_("What the page says"), {"fields": ["name", "description"]}),
        (
            _("How figures are shown"),
            {"fields": [("unit", "decimals"), ("topic", "chart"), "order"]},
        ),
    ]


class ReviewFilter(admin.SimpleListFilter):
    """Figures that somebody has to look at again."""

    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("overdue", _("Review overdue")), ("none", _("No review planned"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() == "overdue":
            return queryset.filter(review_due__lt=timezone.localdate())
        if self.value() == "none":
            return queryset.filter(review_due=None)
        return queryset


@admin.register(Statistic)
class StatisticAdmin(TranslatedModelAdmin):
    """All figures as one table."""

    list_display = (
        "indicator_shown",
        "place_shown",
        "period_shown",
        "figure",
        "kind",
        "change",
        "source",
        "review",
        "headline_order",
    )
    list_filter = (ReviewFilter, "kind", "indicator__topic", "district", "park")
    list_select_related = ("indicator", "district", "park", "source")
    search_fields = ("note",)
    date_hierarchy = "period_end"
    autocomplete_fields = ("indicator", "district", "park", "source")
    fieldsets = [
        (_("Of what, and where"), {"fields": ["indicator", ("district", "park")]}),
        (_("When"), {"fields": [("period_start", "period_end")]}),
        (
            _("How much, and how firm"),
            {"fields": [("value", "qualifier", "kind"), "change_percent", "note"]},
        ),
        (
            _("From where, and how long it holds"),
            {"fields": ["source", ("verified_on", "review_every_days")]},
        ),
        (_("On the home page"), {"fields": ["headline_order"]}),
    ]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        related = [
            f"{path}_{language}"
            for path in ("indicator__name", "source__publisher", "source__title")
            for language in ("en", "zh_hans", "zh_hant")
        ]
        return [*super().get_search_fields(request), *related]

    @admin.display(description=_("indicator"), ordering="indicator__order")
    def indicator_shown(self, statistic: Statistic) -> str:
        return statistic.indicator.name

    @admin.display(description=_("place"))
    def place_shown(self, statistic: Statistic) -> str:
        return str(statistic.place or "–")

    @admin.display(description=_("period"), ordering="period_end")
    def period_shown(self, statistic: Statistic) -> str:
        return statistic.period

    @admin.display(description=_("value"), ordering="value")
    def figure(self, statistic: Statistic) -> str:
        return format_value(
            statistic.value,
            statistic.indicator.unit,
            qualifier=statistic.qualifier,
            decimals=statistic.indicator.decimals,
        )

    @admin.display(description=_("change"), ordering="change_percent")
    def change(self, statistic: Statistic) -> str:
        percent = statistic.change_percent
        return "–" if percent is None else f"{percent.normalize():+f} %"

    @admin.display(description=_("review"), ordering="review_due")
    def review(self, statistic: Statistic) -> str:
        return review_badge(statistic.state())

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)
        if obj.kind in {"target", "forecast"}:
            self.message_user(
                request, gettext("Shown as a target or forecast, never among the actual figures.")
            )
