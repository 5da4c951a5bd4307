"""What an inquirer can choose from, and what each choice means."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django_countries import Countries

from core.measures import SQUARE_METRES_PER_HECTARE, mu_to_square_metres


class Subject(models.TextChoices):
    """What an inquiry is about."""

    INVEST = "invest", _("Investing or looking for a site")
    LAND = "land", _("Land, buildings and utilities")
    INCENTIVES = "incentives", _("Policies and incentives")
    VISIT = "visit", _("Visiting a park")
    SUPPLIER = "supplier", _("Supplying companies here")
    PRESS = "press", _("Press")
    CITIZEN = "citizen", _("A question as a resident")
    OTHER = "other", _("Something else")


class InvestmentBand(models.TextChoices):
    """How much is to be invested. Dollars at about seven yuan, for orientation only."""

    UNDER_10M = "under_10m", _("Below RMB 10 million (about USD 1.4 million)")
    TO_50M = "10m_50m", _("RMB 10–50 million (about USD 1.4–7 million)")
    TO_100M = "50m_100m", _("RMB 50–100 million (about USD 7–14 million)")
    TO_500M = "100m_500m", _("RMB 100–500 million (about USD 14–70 million)")
    TO_1BN = "500m_1bn", _("RMB 500 million to 1 billion (about USD 70–140 million)")
    OVER_1BN = "over_1bn", _("More than RMB 1 billion (about USD 140 million)")
    UNDECIDED = "undecided", _("Not decided yet")


class Start(models.TextChoices):
    """When the work is to begin."""

    HALF_YEAR = "half_year", _("Within 6 months")
    YEAR = "year", _("In 6 to 12 months")
    TWO_YEARS = "two_years", _("In 1 to 2 years")
    LATER = "later", _("Later")
    UNDECIDED = "undecided", _("Not decided yet")


class LandUnit(models.TextChoices):
    """In what land is asked for. It is stored in square metres."""

    MU = "mu", _("mu")
    HECTARE = "hectare", _("hectares")
    SQUARE_METRE = "square_metre", _("m²")

    def to_square_metres(self, area: Decimal) -> Decimal:
        if self == LandUnit.MU:
            return mu_to_square_metres(area)
        return area * SQUARE_METRES_PER_HECTARE if self == LandUnit.HECTARE else area


class Status(models.TextChoices):
    """Where an inquiry stands."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Spam")

    @property
    def is_waiting(self) -> bool:
        """Whether the sender still waits for an answer."""
        return self in {Status.NEW, Status.OPEN}


WAITING = tuple(status for status in Status if status.is_waiting)


class InquirerCountries(Countries):
    """All countries and regions; those that ask most often stand first."""

    first = ("CN", "HK", "MO", "TW", "SG", "JP", "KR", "US", "DE", "GB")
    first_sort = False
    first_repeat = False
    first_break = None


@cache
def countries_in(language: str) -> list[tuple[str, str]]:
    """Codes and names of all countries and regions as ``language`` sorts them."""
    with translation.override(language):
        return [(code, str(name)) for code, name in InquirerCountries()]
