"""What was invested and what it came to: projects with dated milestones, indicators, figures."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from core.facts import FLOOR, Fact, make_fact
from core.illustrations import illustration_choices
from core.measures import Unit, period_label
from core.models import Reviewed, Source
from core.partial_dates import PartialDateField
from core.provenance import Qualifier, ValueKind
from core.richtext import RichTextField
from parks.models import District, Industry, Park, area_field
from publishing.models import Publishable, PublishableQuerySet
from publishing.visibility import Status


class Stage(models.TextChoices):
    """How far a project has come, in the order of a project's life."""

    SIGNED = "signed", _("Signed")
    REGISTERED = "registered", _("Company registered")
    LAND = "land", _("Land secured")
    STARTED = "started", _("Construction started")
    TOPPED_OUT = "topped_out", _("Topped out")
    TRIAL = "trial", _("Trial production")
    PRODUCTION = "production", _("In production")

    @property
    def rank(self) -> int:
        """Position in the life of a project, 0 for signed."""
        return list(Stage).index(self)


def money_field(label: str, *, yearly: bool = False) -> models.DecimalField:
    """An amount in yuan, or yuan a year; empty means "not stated"."""
    return models.DecimalField(
        label,
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("In yuan a year. Empty: not stated.")
        if yearly
        else _("In yuan. Empty: not stated."),
    )


class ProjectQuerySet(PublishableQuerySet):
    """Projects, with what their pages and cards show."""

    def for_cards(self) -> ProjectQuerySet:
        """With industry, park and sources: two queries for any number of projects."""
        return self.select_related("industry", "park", "district").with_citations()

    def milestone_years(self) -> list[str]:
        """Years of the last milestones of these rows, the newest first. One query."""
        years = self.order_by().annotate(year=Left("stage_date", 4)).values_list("year", flat=True)
        return sorted({str(year) for year in years.distinct() if year}, reverse=True)

    def totals(self) -> dict[str, Decimal | int | None]:
        """Count, promised investment and land of these rows, and how many state each. One query.

        A total says how many projects it covers: the others did not state the figure.
        """
        return self.order_by().aggregate(
            projects=models.Count("pk"),
            investment=models.Sum("promised_investment"),
            investment_stated=models.Count("promised_investment"),
            land=models.Sum("land_area"),
            land_stated=models.Count("land_area"),
        )


class Project(Publishable):
    """A company's investment: what was promised, what became of it, and since when."""

    class Consent(models.TextChoices):
        PUBLIC_SOURCE = "public_source", _("Already public: all facts from published sources")
        WRITTEN = "written", _("The investor agreed in writing")
        WITHHELD = "withheld", _("Not given")

    search_kind = "project"
    search_body = ("investor", "products", "body")
    search_date = "stage_date"
    title_field = "name"
    figure_units: ClassVar = {
        "promised_investment": Unit.YUAN,
        "realised_investment": Unit.YUAN,
        "promised_output": Unit.YUAN,
        "realised_output": Unit.YUAN,
        "promised_tax": Unit.YUAN,
        "realised_tax": Unit.YUAN,
        "promised_jobs": Unit.JOB,
        "realised_jobs": Unit.JOB,
        "land_area": Unit.M2,
        "building_area": FLOOR,
    }

    name = models.CharField(_("name"), max_length=160)
    investor = models.CharField(_("investor"), max_length=200, blank=True)
    origin = CountryField(_("origin of the investor"), blank=True)
    industry = models.ForeignKey(
        Industry, verbose_name=_("industry"), on_delete=models.PROTECT, related_name="projects"
    )
    park = models.ForeignKey(
        Park,
        verbose_name=_("park"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
    )
    district = models.ForeignKey(
        District,
        verbose_name=_("district"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
    )
    summary = models.TextField(_("summary"), blank=True)
    body = RichTextField(_("text"), blank=True)
    products = models.CharField(_("products"), max_length=300, blank=True)
    promised_investment = money_field(_("promised investment"))
    realised_investment = money_field(_("realised investment"))
    promised_output = money_field(_("promised output"), yearly=True)
    realised_output = money_field(_("realised output"), yearly=True)
    promised_tax = money_field(_("promised tax"), yearly=True)
    realised_tax = money_field(_("realised tax"), yearly=True)
    promised_jobs = models.PositiveIntegerField(_("promised jobs"), null=True, blank=True)
    realised_jobs = models.PositiveIntegerField(_("realised jobs"), null=True, blank=True)
    land_area = area_field(_("land"))
    building_area = area_field(_("floor area"))
    consent = models.CharField(
        _("consent to publish"),
        max_length=13,
        choices=Consent.choices,
        default=Consent.WITHHELD,
        help_text=_("Without it the project cannot be published."),
    )
    stage = models.CharField(
        _("stage"), max_length=10, choices=Stage.choices, blank=True, editable=False
    )
    stage_date = PartialDateField(_("since"), blank=True, editable=False)
    illustration = models.CharField(
        _("illustration"), max_length=20, choices=illustration_choices, default="factory"
    )

    objects = ProjectQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-stage_date", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | ~Q(consent="withheld"),
                name="published_project_has_consent",
                violation_error_message=_(
                    "State on what grounds this project may be published before publishing it."
                ),
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("investment:project_detail", args=[self.slug])

    @property
    def stage_label(self) -> str:
        """The public status: the last milestone that is done, in words."""
        return Stage(self.stage).label if self.stage else ""

    def refresh_stage(self) -> None:
        """Set ``stage`` to the last milestone that is done. Two queries, and what a save costs.

        "Last" is the furthest in the life of a project, then the latest, so that an extension
        ("construction started" after "in production") does not set a working plant back.
        """
        done = [milestone for milestone in self.milestones.all() if milestone.is_done]
        last = max(
            done, key=lambda item: (Stage(item.kind).rank, str(item.date or "")), default=None
        )
        self.stage = last.kind if last else ""
        self.stage_date = last.date if last else None
        self.save(update_fields=["stage", "stage_date"])


class ProjectMilestone(models.Model):
    """A dated step of a project: done, or announced."""

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="milestones"
    )
    kind = models.CharField(_("step"), max_length=10, choices=Stage.choices)
    date = PartialDateField(
        _("date"), blank=True, help_text=_("A year, a month (2012-10) or a day.")
    )
    is_done = models.BooleanField(
        _("done"), default=True, help_text=_("Untick for a step that is only announced.")
    )
    title = models.CharField(_("title"), max_length=160, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["date", "pk"]

    def __str__(self) -> str:
        return f"{Stage(self.kind).label} {self.date or ''}".strip()


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


class StatisticQuerySet(models.QuerySet):
    """Figures."""

    def public(self) -> StatisticQuerySet:
        """Figures of indicators and parks that a visitor may see."""
        return self.filter(
            Q(indicator__in=Indicator.objects.public()),
            Q(park=None) | Q(park__in=Park.objects.public()),
        )

    def headlines(self) -> StatisticQuerySet:
        """The key figures of the home page, in their order."""
        return (
            self.public()
            .filter(headline_order__isnull=False)
            .select_related("indicator", "source", "district", "park")
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
