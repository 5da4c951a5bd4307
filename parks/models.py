"""Where one can build: districts, industries and parks, with the same fields for every park."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.illustrations import illustration_choices
from core.measures import Unit
from core.models import Contact, Source
from core.partial_dates import PartialDateField
from core.related_rows import RelatedRows, texts
from core.richtext import RichTextField
from library.models import Image
from parks.places import District, Located, area_field
from publishing.models import Publishable, PublishableQuerySet

__all__ = [
    "ChainLink",
    "District",
    "Industry",
    "Park",
    "ParkImage",
    "ParkPoint",
    "TransportLink",
]


def source_columns() -> list[str | tuple[str, str]]:
    """What a page says about the source of a related row, for ``RelatedRows``."""
    return [
        ("source_link", "source__url"),
        ("source_may_link", "source__may_link"),
        ("source_published", "source__published"),
        *((f"source_{name}", f"source__{name}") for name in texts("publisher", "title")),
    ]


class IndustryQuerySet(PublishableQuerySet):
    """Industries, with what their pages show."""

    def for_links(self) -> IndustryQuerySet:
        """Slugs and names only."""
        return self.only("slug", *texts("name"))

    def for_cards(self) -> IndustryQuerySet:
        """What a card shows."""
        return self.only("slug", "illustration", *texts("name", "summary"))

    def for_page(self) -> IndustryQuerySet:
        """With the value chain, in the same query."""
        return self.annotate(
            chain_rows=RelatedRows(
                ChainLink.objects.order_by("order", "pk"),
                "industry",
                ["state", *texts("name", "note"), *source_columns()],
            )
        )


class Industry(Publishable):
    """A line of industry: what it makes here, who is here, what the chain still lacks."""

    search_kind = "industry"
    title_field = "name"

    name = models.CharField(_("name"), max_length=120)
    summary = models.TextField(_("summary"), blank=True)
    body = RichTextField(_("text"), blank=True)
    illustration = models.CharField(
        _("illustration"), max_length=20, choices=illustration_choices, default="factory"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = IndustryQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("industry")
        verbose_name_plural = _("industries")
        ordering = ["order", "slug"]

    def get_absolute_url(self) -> str:
        return reverse("parks:industry_detail", args=[self.slug])


class ChainLink(models.Model):
    """One link of an industry's value chain: here, coming, or still missing."""

    class State(models.TextChoices):
        PRESENT = "present", _("Here today")
        EMERGING = "emerging", _("Being built up")
        MISSING = "missing", _("Still missing")

    industry = models.ForeignKey(
        Industry, verbose_name=_("industry"), on_delete=models.CASCADE, related_name="chain"
    )
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PRESENT)
    note = models.CharField(_("note"), max_length=240, blank=True)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("link of the value chain")
        verbose_name_plural = _("value chain")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class ParkQuerySet(PublishableQuerySet):
    """Parks, with what their pages and cards show."""

    def for_links(self) -> ParkQuerySet:
        """Slugs and names only."""
        return self.only("slug", *texts("name", "short_name"))

    def for_tiles(self) -> ParkQuerySet:
        """What the map and a tile show: names, picture, place and district. One query."""
        return self.select_related("district").only(
            "slug",
            "illustration",
            "longitude",
            "latitude",
            "precision",
            *texts("name", "short_name", "location"),
            *(f"district__{name}" for name in texts("name")),
        )

    def with_industries(self) -> ParkQuerySet:
        """``industry_rows``: slugs and names of the public leading industries, same query."""
        return self.annotate(
            industry_rows=RelatedRows(
                Industry.objects.public().order_by("order", "slug"),
                "parks",
                ["slug", "illustration", *texts("name")],
            )
        )

    def for_cards(self) -> ParkQuerySet:
        """With district, industries and sources: two queries for any number of parks."""
        return (
            self.select_related("district")
            .defer("district__outline")
            .with_industries()
            .with_citations()
        )

    def for_page(self) -> ParkQuerySet:
        """With strengths, limits, transport and gallery: one query."""
        return (
            self.select_related("district", "officer")
            .defer("district__outline")
            .with_industries()
            .annotate(
                point_rows=RelatedRows(
                    ParkPoint.objects.order_by("order", "pk"),
                    "park",
                    ["kind", *texts("text"), *source_columns()],
                ),
                transport_rows=RelatedRows(
                    TransportLink.objects.order_by("order", "pk"),
                    "park",
                    [
                        "mode",
                        "distance_km",
                        "minutes",
                        "measure",
                        "as_of",
                        *texts("name"),
                        *source_columns(),
                    ],
                ),
                has_gallery=models.Exists(ParkImage.objects.filter(park=models.OuterRef("pk"))),
            )
        )


class Park(Publishable, Located):
    """An industrial park or zone. What no source states stays empty and reads "not stated"."""

    class Kind(models.TextChoices):
        CLUSTER_PARK = "cluster_park", _("Park of the cluster")
        NATIONAL_ZONE = "national_zone", _("National zone")
        PROVINCIAL_ZONE = "provincial_zone", _("Provincial zone")
        STARTING_AREA = "starting_area", _("Starting area of the cluster")
        LOCAL_PARK = "local_park", _("Park of a county or city")

    search_kind = "park"
    search_rows: ClassVar = {"points": "text", "transport_links": "name"}
    title_field = "name"
    figure_units: ClassVar = {
        "planned_area": Unit.M2,
        "developed_area": Unit.M2,
        "available_area": Unit.M2,
    }

    name = models.CharField(_("name"), max_length=160)
    short_name = models.CharField(
        _("short name"), max_length=60, blank=True, help_text=_("For the map and for tables.")
    )
    kind = models.CharField(
        _("kind"), max_length=16, choices=Kind.choices, default=Kind.CLUSTER_PARK
    )
    summary = models.TextField(_("summary"), blank=True)
    body = RichTextField(_("text"), blank=True)
    district = models.ForeignKey(
        District, verbose_name=_("district"), on_delete=models.PROTECT, related_name="parks"
    )
    location = models.CharField(
        _("town"), max_length=160, blank=True, help_text=_("Town or subdistrict.")
    )
    industries = models.ManyToManyField(
        Industry, verbose_name=_("leading industries"), blank=True, related_name="parks"
    )
    planned_area = area_field(_("planned area"))
    developed_area = area_field(_("developed area"))
    available_area = area_field(_("land on offer"))
    founded = PartialDateField(
        _("founded"), blank=True, help_text=_("A year, a month (2012-10) or a day.")
    )
    officer = models.ForeignKey(
        Contact,
        verbose_name=_("who answers"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="parks",
    )
    illustration = models.CharField(
        _("illustration"), max_length=20, choices=illustration_choices, default="grid"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = ParkQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        ordering = ["order", "slug"]
        constraints = [
            *Publishable.Meta.constraints,
            *Located.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(developed_area=None)
                | models.Q(planned_area=None)
                | models.Q(developed_area__lte=models.F("planned_area")),
                name="park_developed_within_planned",
                violation_error_message=_("The developed area is larger than the planned area."),
            ),
        ]

    def __str__(self) -> str:
        return self.title_text or self.slug

    def get_absolute_url(self) -> str:
        return reverse("parks:detail", args=[self.slug])

    @property
    def map_name(self) -> str:
        """The short name if there is one."""
        return self.short_name or self.name


class ParkPoint(models.Model):
    """One strength or one limit of a park. A page without limits is advertising."""

    class Kind(models.TextChoices):
        STRENGTH = "strength", _("Strength")
        LIMIT = "limit", _("Limit")

    park = models.ForeignKey(
        Park, verbose_name=_("park"), on_delete=models.CASCADE, related_name="points"
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    text = models.CharField(_("text"), max_length=300)
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("strength or limit")
        verbose_name_plural = _("strengths and limits")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text or ""


class TransportLink(models.Model):
    """How far it is to an airport, a port, a city, and how that was measured."""

    class Mode(models.TextChoices):
        AIRPORT = "airport", _("Airport")
        RAIL = "rail", _("Railway")
        EXPRESSWAY = "expressway", _("Expressway")
        PORT = "port", _("Port")
        CITY = "city", _("City")
        BORDER = "border", _("Border crossing")

    class Measure(models.TextChoices):
        ROAD = "road", _("By road")
        WATER = "water", _("By water")
        STRAIGHT_LINE = "straight_line", _("In a straight line")
        STATED = "stated", _("As stated by the source")

    park = models.ForeignKey(
        Park, verbose_name=_("park"), on_delete=models.CASCADE, related_name="transport_links"
    )
    mode = models.CharField(_("kind"), max_length=10, choices=Mode.choices)
    name = models.CharField(_("destination"), max_length=160)
    distance_km = models.DecimalField(
        _("distance (km)"), max_digits=7, decimal_places=1, null=True, blank=True
    )
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    measure = models.CharField(
        _("measured"), max_length=13, choices=Measure.choices, default=Measure.STATED
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    as_of = PartialDateField(_("as of"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("transport link")
        verbose_name_plural = _("transport links")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(distance_km__isnull=False) | models.Q(minutes__isnull=False),
                name="transport_link_is_measured",
                violation_error_message=_("Give a distance or a travel time."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ParkImage(models.Model):
    """A picture in a park's gallery."""

    park = models.ForeignKey(
        Park, verbose_name=_("park"), on_delete=models.CASCADE, related_name="gallery"
    )
    image = models.ForeignKey(
        Image, verbose_name=_("picture"), on_delete=models.PROTECT, related_name="park_images"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("gallery")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["park", "image"],
                name="park_image_once",
                violation_error_message=_("This picture is already in the gallery."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.image)
