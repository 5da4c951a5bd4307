"""Indicators, and the dated figures of districts and parks that they are counted in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.facts import Fact, make_fact
from core.measures import Unit, period_label
from core.models import SOURCE_COLUMNS, Reviewed, Source
from core.provenance import Qualifier, ValueKind
from core.related_rows import texts
from parks.models import District, Park
from publishing.models import Publishable


class Indicator(Publishable):
    """Something that is counted, for example GDP; its figures are the statistics."""

    class Topic(models.TextChoices):
        ECONOMY = "economy", _("Economy")
        INDUSTRY = "industry", _("Industry")
        INVESTMENT = "investment", _("Investment")
        TRADE = "trade", _("Trade")
        PEOPLE = "people", _("People")
        INFRASTRUCTURE = "infrastructure", _("Infrastructure")

    class Chart(models.TextChoices):
        BAR = "bar", _("Bars")
        LINE = "line", _("Line")
        NONE = "none", _("Table only")

    search_kind = "indicator"
    title_field = "name"
    summary_field = "description"

    name = models.CharField(_("name"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    unit = models.CharField(_("unit"), max_length=20, choices=Unit.choices)
    topic = models.CharField(
        _("topic"), max_length=14, choices=Topic.choices, default=Topic.ECONOMY
    )
    decimals = models.PositiveSmallIntegerField(
        _("decimals"),
        default=0,
        help_text=_("At most so many digits after the point, also of millions and billions."),
    )
    chart = models.CharField(_("chart"), max_length=4, choices=Chart.choices, default=Chart.NONE)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta(Publishable.Meta):
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["order", "slug"]

    def get_absolute_url(self) -> str:
        return f"{reverse('investment:statistics')}#{self.slug}"


#: What ``Statistic.fact()`` reads of the figure and of its source.
FIGURE_COLUMNS = (
    "period_start",
    "period_end",
    "value",
    "kind",
    "qualifier",
    "verified_on",
    "review_every_days",
    "review_due",
    *texts("note"),
    *(f"source__{name}" for name in (*SOURCE_COLUMNS, "published")),
)
FACT_COLUMNS = (
    *FIGURE_COLUMNS,
    *(f"indicator__{name}" for name in ("unit", "decimals", *texts("name"))),
)
TABLE_COLUMNS = (
    *FIGURE_COLUMNS,
    "indicator",
    "change_percent",
    *(f"{place}__{name}" for place in ("district", "park") for name in texts("name")),
)


class StatisticQuerySet(models.QuerySet):
    """Figures."""

    def public(self) -> StatisticQuerySet:
        """Figures of indicators and parks that a visitor may see."""
        return self.filter(
            Q(indicator__in=Indicator.objects.public()),
            Q(park=None) | Q(park__in=Park.objects.public()),
        )

    def for_facts(self) -> StatisticQuerySet:
        """With what ``fact()`` reads, in the same query."""
        return self.select_related("indicator", "source").only(*FACT_COLUMNS)

    def for_tables(self) -> StatisticQuerySet:
        """With source and place, for indicators that are at hand already."""
        return self.select_related("source", "district", "park").only(*TABLE_COLUMNS)

    def headlines(self) -> StatisticQuerySet:
        """The key figures of the home page, in their order."""
        return (
            self.public()
            .filter(headline_order__isnull=False)
            .for_facts()
            .order_by("headline_order")
        )


class Statistic(Reviewed):
    """One figure: of what, where, when, how much, how firm, from where."""

    indicator = models.ForeignKey(
        Indicator,
        verbose_name=_("indicator"),
        on_delete=models.CASCADE,
        related_name="statistics",
    )
    district = models.ForeignKey(
        District,
        verbose_name=_("district"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statistics",
    )
    park = models.ForeignKey(
        Park,
        verbose_name=_("park"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statistics",
    )
    period_start = models.DateField(_("period from"))
    period_end = models.DateField(
        _("period to"), help_text=_("The same day for a figure that holds on one day.")
    )
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=4)
    kind = models.CharField(
        _("kind"), max_length=12, choices=ValueKind.choices, default=ValueKind.ACTUAL
    )
    qualifier = models.CharField(
        _("qualifier"), max_length=10, choices=Qualifier.choices, default=Qualifier.EXACT
    )
    change_percent = models.DecimalField(
        _("change on the year before (%)"), max_digits=7, decimal_places=2, null=True, blank=True
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="statistics"
    )
    note = models.CharField(_("note"), max_length=240, blank=True)
    headline_order = models.PositiveSmallIntegerField(
        _("place among the key figures"),
        null=True,
        blank=True,
        help_text=_("1, 2, 3 …: shown on the home page in this order. Empty: not shown there."),
    )

    objects = StatisticQuerySet.as_manager()

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["indicator", "period_end", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(district__isnull=False, park=None)
                | Q(district=None, park__isnull=False),
                name="statistic_has_one_place",
                violation_error_message=_("A figure belongs to one district or one park."),
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=models.F("period_start")),
                name="statistic_period_runs_forward",
                violation_error_message=_("The period ends before it begins."),
            ),
            models.UniqueConstraint(
                fields=["indicator", "district", "period_start", "period_end", "kind"],
                name="statistic_once_per_district",
                violation_error_message=_(
                    "There is already a figure of this kind for this place and period."
                ),
            ),
            models.UniqueConstraint(
                fields=["indicator", "park", "period_start", "period_end", "kind"],
                name="statistic_once_per_park",
                violation_error_message=_(
                    "There is already a figure of this kind for this place and period."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"

    @property
    def place(self) -> District | Park | None:
        """The district or park the figure is about."""
        return self.district or self.park

    @property
    def period(self) -> str:
        """ "2022", "Q1 2025", "Jan–Sep 2022" in the active language."""
        return period_label(self.period_start, self.period_end)

    def fact(self) -> Fact:
        """The figure as pages show it, labelled by its indicator."""
        return make_fact(
            self.indicator.name,
            self.value,
            self.indicator.unit,
            self,
            as_of=self.period,
            decimals=self.indicator.decimals,
        )
