"""What was promised and what it came to: projects with dated milestones."""

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

from core.facts import FLOOR
from core.illustrations import illustration_choices
from core.measures import Unit
from core.models import Source
from core.partial_dates import PartialDateField
from core.related_rows import texts
from core.richtext import RichTextField
from investment.figures import Indicator, Statistic
from parks.models import District, Industry, Park
from parks.places import area_field
from publishing.models import VISIBILITY_COLUMNS, Publishable, PublishableQuerySet
from publishing.visibility import Status

__all__ = ["Indicator", "Project", "ProjectMilestone", "Stage", "Statistic"]


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


#: A line of a list: the project, what it makes and where it is.
ROW_COLUMNS = (
    "slug",
    "stage",
    "stage_date",
    *texts("name"),
    *(
        f"{place}__{name}"
        for place in ("industry", "park")
        for name in (*VISIBILITY_COLUMNS, *texts("name"))
    ),
    *(f"district__{name}" for name in texts("name")),
)


class ProjectQuerySet(PublishableQuerySet):
    """Projects, with what their pages and cards show."""

    def for_rows(self) -> ProjectQuerySet:
        """With industry, park and district: what one line of a list shows, and nothing else."""
        return self.select_related("industry", "park", "district").only(*ROW_COLUMNS)

    def for_cards(self) -> ProjectQuerySet:
        """With what a card shows besides, and the sources: one query. For a ``stretch`` of rows."""
        return (
            self.select_related("industry", "park", "district")
            .only(*ROW_COLUMNS, *texts("investor"), "origin", "promised_investment")
            .with_citation_rows()
        )

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
        indexes = [
            # Order, filters and totals of lists, so that only the rows of the page are read. A page
            # far down walks over those before it: twice as fast in the narrow one.
            models.Index(
                fields=["status", "-stage_date", "slug", "publish_at", "unpublish_at"],
                name="project_order",
            ),
            models.Index(
                fields=[
                    *("status", "-stage_date", "slug", "publish_at", "unpublish_at"),
                    *("stage", "industry", "park", "promised_investment", "land_area"),
                ],
                name="project_lists",
            ),
            models.Index(
                fields=["park", "status", "-stage_date", "slug", "publish_at", "unpublish_at"],
                name="project_lists_of_park",
            ),
            models.Index(
                fields=["industry", "status", "-stage_date", "slug", "publish_at", "unpublish_at"],
                name="project_lists_of_industry",
            ),
            models.Index(
                fields=["stage", "status", "-stage_date", "slug", "publish_at", "unpublish_at"],
                name="project_lists_of_stage",
            ),
        ]
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
