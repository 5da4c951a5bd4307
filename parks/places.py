"""Places: what lies on the map, how large it is, and the districts that figures are about."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.measures import Unit
from core.models import Cited, CitedQuerySet


def area_field(label: str) -> models.DecimalField:
    """An area in m²; empty means "not stated"."""
    return models.DecimalField(
        label,
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
        help_text=_("In m². Empty: not stated. 1 mu = 666.67 m², 1 ha = 10,000 m²."),
    )


class Coordinates(models.Model):
    """A point on the map, WGS-84, or none."""

    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("WGS-84, degrees east."),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("WGS-84, degrees north."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(longitude=None, latitude=None)
                | models.Q(longitude__isnull=False, latitude__isnull=False),
                name="%(app_label)s_%(class)s_place_is_complete",
                violation_error_message=_("Give longitude and latitude, or neither."),
            ),
        ]


class Located(Coordinates):
    """A point on the map, with how exact it is."""

    class Precision(models.TextChoices):
        EXACT = "exact", _("Exact")
        APPROXIMATE = "approximate", _("Approximate")
        TOWN = "town", _("Centre of the town")

    precision = models.CharField(
        _("precision of the place"),
        max_length=12,
        choices=Precision.choices,
        default=Precision.APPROXIMATE,
    )

    class Meta(Coordinates.Meta):
        abstract = True


class District(Cited, Coordinates):
    """An administrative area or a zone that figures are reported for."""

    class Kind(models.TextChoices):
        CITY = "city", _("Prefecture-level city")
        COUNTY = "county", _("District, county or county-level city")
        ZONE = "zone", _("Zone")

    figure_units: ClassVar = {"area": Unit.M2}

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    code = models.CharField(
        _("division code"), max_length=12, blank=True, help_text=_("GB/T 2260, if it has one.")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.COUNTY)
    outline = models.JSONField(
        _("outline"),
        null=True,
        blank=True,
        help_text=_("GeoJSON geometry for the schematic map. Not a surveyed border."),
    )
    area = area_field(_("area"))
    summary = models.TextField(_("summary"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = CitedQuerySet.as_manager()

    class Meta:
        verbose_name = _("district")
        verbose_name_plural = _("districts")
        ordering = ["order", "slug"]
        constraints = [*Coordinates.Meta.constraints]

    def __str__(self) -> str:
        return self.name or self.slug
