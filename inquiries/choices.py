"""What an inquirer can choose from, and what each choice means."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from django.conf import settings
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

    @property
    def is_of_investors(self) -> bool:
        """Whether those ask who may invest: who asks for land soon asks for incentives too."""
        return self in {Subject.INVEST, Subject.LAND, Subject.INCENTIVES, Subject.VISIT}


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
    """Where an inquiry stands. Investors go through the pipeline, all others through a queue."""

    NEW = "new", _("New")
    SCREENED = "screened", _("Screened")
    CONTACTED = "contacted", _("Contacted")
    DIALOGUE = "dialogue", _("In dialogue")
    PROPOSAL = "proposal", _("Proposal sent")
    VISIT = "visit", _("Site visit")
    NEGOTIATION = "negotiation", _("Negotiation")
    SIGNED = "signed", _("Contract signed")
    LANDED = "landed", _("Landed")
    NURTURE = "nurture", _("Kept in touch")
    OPEN = "open", _("In hand")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
    SPAM = "spam", _("Quarantine")

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to be done."""
        return self in FINISHED


PIPELINE = (
    *(Status.NEW, Status.SCREENED, Status.CONTACTED, Status.DIALOGUE, Status.PROPOSAL),
    *(Status.VISIT, Status.NEGOTIATION, Status.SIGNED, Status.LANDED, Status.NURTURE),
    Status.CLOSED,
)
SERVICE = (Status.NEW, Status.OPEN, Status.ANSWERED, Status.CLOSED)
FINISHED = (Status.LANDED, Status.ANSWERED, Status.CLOSED, Status.SPAM)


class Kind(models.TextChoices):
    """Who writes, and thereby which queue and which clock."""

    INVESTOR = "investor", _("Investor")
    SELECTOR = "selector", _("Site selector for a client")
    TENANT = "tenant", _("Company in a park")
    SUPPLIER = "supplier", _("Supplier")
    PRESS = "press", _("Press")
    CITIZEN = "citizen", _("Resident")
    REPORT = "report", _("Report of an error on the site")

    @property
    def is_in_pipeline(self) -> bool:
        """Whether it may end in an investment; residents and press never do."""
        return self in {Kind.INVESTOR, Kind.SELECTOR}

    @property
    def stages(self) -> tuple[Status, ...]:
        """Where an inquiry of this kind can stand, in order; quarantine is apart."""
        return PIPELINE if self.is_in_pipeline else SERVICE

    def answer_days(self, promise: int) -> int:
        """Working days until the first human reply; ``promise`` is the site's own."""
        return {Kind.SUPPLIER: 5, Kind.CITIZEN: 5, Kind.REPORT: 3}.get(self, promise)


PIPELINE_KINDS = tuple(kind for kind in Kind if kind.is_in_pipeline)


class Channel(models.TextChoices):
    """How an inquiry came."""

    WEB = "web", _("Form on the site")
    PHONE = "phone", _("Telephone")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")
    FAIR = "fair", _("Fair or event")
    VISIT = "visit", _("Visit")
    IMPORT = "import", _("Imported list")


class Role(models.TextChoices):
    """What the inquirer decides."""

    DECIDES = "decides", _("Decides on the investment")
    PREPARES = "prepares", _("Prepares the decision")
    ADVISES = "advises", _("Adviser or site selector")
    BROKERS = "brokers", _("Broker or chamber")
    OTHER = "other", _("Something else")


class CloseReason(models.TextChoices):
    """Why work on an inquiry ended."""

    ANSWERED = "answered", _("Answered, nothing open")
    LOST = "lost", _("Went elsewhere")
    NO_REPLY = "no_reply", _("No reaction from the inquirer")
    UNSUITABLE = "unsuitable", _("Does not fit the cluster")
    PLAN_DROPPED = "dropped", _("Plan given up")
    DUPLICATE = "duplicate", _("The same as another inquiry")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")


class PauseReason(models.TextChoices):
    """Why a clock may stand still."""

    INQUIRER = "inquirer", _("The inquirer has to answer first")
    THIRD_PARTY = "third_party", _("Another authority has to answer first")
    REQUESTED = "requested", _("The inquirer asked to wait")


class Purpose(models.TextChoices):
    """For what, beside the answer, data may be used when the sender agrees."""

    NEWS = "news", _("Telling about new land, policies and events")
    SHARE = "share", _("Passing on to the company that runs a park")


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


@cache
def country_codes() -> frozenset[str]:
    """Codes of all countries and regions."""
    return frozenset(code for code, _name in countries_in(settings.LANGUAGE_CODE))
