"""What every other app stands on: who runs the portal, whom to ask, and where figures come from."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from solo.models import SingletonModel

from core.intake_models import BlockedSender, Heartbeat, RateWindow
from core.known_contact import remember
from core.partial_dates import PartialDateField, to_partial_date
from core.provenance import FactState, Qualifier, ValueKind
from core.related_rows import RelatedRows, texts

__all__ = [
    "BlockedSender",
    "Citation",
    "Cited",
    "CitedQuerySet",
    "Contact",
    "Heartbeat",
    "RateWindow",
    "SiteSettings",
    "Source",
]

#: How long before its review date a fact counts as "due".
REVIEW_NOTICE = timedelta(days=30)


def new_version() -> str:
    """A name for a state of the content that no other state has."""
    return uuid4().hex


class SiteSettings(SingletonModel):
    """Identity of the portal and the promise it makes. One row.

    It also carries the version of everything that is published (``publishing.versions``), because
    every page reads this row anyway.
    """

    name = models.CharField(_("name"), max_length=120, default="Investment portal")
    short_name = models.CharField(
        _("short name"), max_length=40, blank=True, help_text=_("Shown beside the mark.")
    )
    claim = models.CharField(
        _("claim"), max_length=120, blank=True, help_text=_("The headline of the home page.")
    )
    intro = models.TextField(_("introduction"), blank=True)
    response_days = models.PositiveSmallIntegerField(
        _("response promise"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("Working days within which a person answers an inquiry."),
    )
    response_note = models.TextField(_("how inquiries are answered"), blank=True)
    footer_note = models.TextField(_("footer note"), blank=True)
    contact = models.ForeignKey(
        "Contact",
        verbose_name=_("who answers for the whole cluster"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Inquiries about no park in particular go here."),
    )
    content_version = models.CharField(max_length=32, default=new_version, editable=False)
    content_moments = models.JSONField(default=list, editable=False)
    content_tables = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("site settings")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def current(cls) -> SiteSettings:
        """The settings with the cluster's contact: one query, a row is made if there is none."""
        found = cls.objects.select_related("contact").first()
        if found is None:
            return cls.get_solo()
        remember(found.contact)
        return found


class Contact(models.Model):
    """An office or officer that answers for a place."""

    key = models.SlugField(_("key"), unique=True, help_text=_("Short name for links; keep it."))
    organisation = models.CharField(_("organisation"), max_length=160)
    desk = models.CharField(_("desk"), max_length=120, blank=True)
    person = models.CharField(_("person"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=120, blank=True)
    languages = models.JSONField(
        _("languages spoken"),
        default=list,
        blank=True,
        help_text=_('Language codes, for example ["zh-hans", "en"].'),
    )
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    fax = models.CharField(_("fax"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=240, blank=True)
    last_verified = models.DateField(
        _("last verified"),
        null=True,
        blank=True,
        help_text=_("When somebody last tried these details and found them right."),
    )
    source = models.ForeignKey(
        "Source",
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["order", "key"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(phone="") | ~models.Q(email=""),
                name="contact_can_be_reached",
                violation_error_message=_("Give a telephone number or an e-mail address."),
            ),
        ]

    def __str__(self) -> str:
        parts = filter(None, (self.organisation, self.desk))
        return pgettext("punctuation", ", ").join(parts)

    @property
    def dial(self) -> str:
        """The number as a ``tel:`` link takes it: ``0086-758-…`` → ``+86758…``."""
        digits = "".join(character for character in self.phone if character.isdigit())
        if digits.startswith("00"):
            return f"+{digits[2:]}"
        return f"+{digits}" if self.phone.lstrip().startswith("+") else digits


class Source(models.Model):
    """Where something was read: publisher, title, date and, if it may be linked, address."""

    key = models.SlugField(_("key"), max_length=80, unique=True)
    publisher = models.CharField(_("publisher"), max_length=200)
    title = models.CharField(_("title"), max_length=300, blank=True)
    published = PartialDateField(_("published"), blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    may_link = models.BooleanField(
        _("may be linked"),
        default=False,
        help_text=_("Only for addresses that a visitor may safely open."),
    )
    note = models.TextField(_("note for editors"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["publisher", "key"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(may_link=False) | ~models.Q(url=""),
                name="linked_source_has_address",
                violation_error_message=_("A source that may be linked needs an address."),
            ),
        ]

    def __str__(self) -> str:
        parts = filter(None, (self.publisher, self.title))
        return pgettext("punctuation", ": ").join(parts)

    @property
    def link(self) -> str:
        """The address if visitors may be sent there, else an empty string."""
        return self.url if self.may_link else ""


class Reviewed(models.Model):
    """A figure that somebody verified and that goes stale."""

    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    review_every_days = models.PositiveSmallIntegerField(
        _("review every (days)"),
        null=True,
        blank=True,
        help_text=_("Leave empty for facts that cannot go out of date."),
    )
    review_due = models.DateField(_("review due"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        self.review_due = None
        if self.verified_on and self.review_every_days:
            self.review_due = self.verified_on + timedelta(days=self.review_every_days)
        super().save(*args, **kwargs)

    def state(self, today: date | None = None) -> FactState:
        """Whether the figure is current, due or overdue for review on ``today``."""
        today = today or timezone.localdate()
        if self.review_due is None or self.review_due > today + REVIEW_NOTICE:
            return FactState.CURRENT
        return FactState.OVERDUE if self.review_due < today else FactState.DUE


class Citation(Reviewed):
    """Which source gives which field of which record, as of when, and how firmly."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    field = models.CharField(_("field"), max_length=60)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="citations"
    )
    as_of = PartialDateField(_("as of"), blank=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=ValueKind.choices, default=ValueKind.ACTUAL
    )
    qualifier = models.CharField(
        _("qualifier"), max_length=10, choices=Qualifier.choices, default=Qualifier.EXACT
    )
    note = models.CharField(_("note"), max_length=240, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("verified by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["field"]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "field"],
                name="one_citation_per_field",
                violation_error_message=_("This field already has a source."),
            ),
        ]

    def __str__(self) -> str:
        return pgettext("punctuation", ": ").join((self.field_label, str(self.source)))

    @property
    def field_label(self) -> str:
        """The field as forms call it; its bare name if the record has no such field any more."""
        if not self.content_type_id:
            return self.field
        model = ContentType.objects.get_for_id(self.content_type_id).model_class()
        try:
            return str(model._meta.get_field(self.field).verbose_name)
        except (AttributeError, FieldDoesNotExist):
            return self.field


#: What a page shows of a citation and its source; the names of the source's columns are paths.
CITATION_COLUMNS = ("field", "kind", "qualifier", *texts("note"))
SOURCE_COLUMNS = ("url", "may_link", *texts("publisher", "title"))


class CitedQuerySet(models.QuerySet):
    """Rows whose figures have sources."""

    def with_citation_rows(self) -> CitedQuerySet:
        """The citations inside the records' own query, for the page of one record."""
        of_this_model = Citation.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model)
        )
        columns = [
            *CITATION_COLUMNS,
            *("as_of", "verified_on", "review_due", ("published", "source__published")),
            *((name, f"source__{name}") for name in SOURCE_COLUMNS),
        ]
        return self.annotate(citation_rows=RelatedRows(of_this_model, "object_id", columns))

    def with_citations(self) -> CitedQuerySet:
        """Fetch the citations and sources of all rows: one query for the whole page."""
        return self.prefetch_related(
            models.Prefetch("citations", queryset=Citation.objects.select_related("source"))
        )


def citation_from_row(row: SimpleNamespace) -> Citation:
    """A citation as ``with_citation_rows()`` read it: for showing, not for saving."""
    source = Source(**{name: getattr(row, name) for name in SOURCE_COLUMNS})
    source.published = to_partial_date(row.published)
    citation = Citation(**{name: getattr(row, name) for name in CITATION_COLUMNS}, source=source)
    citation.as_of = to_partial_date(row.as_of)
    for name in ("verified_on", "review_due"):
        day = getattr(row, name)
        setattr(citation, name, date.fromisoformat(day) if day else None)
    return citation


class Cited(models.Model):
    """A record whose fields have sources.

    Fetch lists with ``with_citations()`` and a single page with ``with_citation_rows()``.
    """

    #: Unit of each figure, by field name; see ``core.facts``.
    figure_units: ClassVar[dict[str, str]] = {}

    citations = GenericRelation(Citation)

    class Meta:
        abstract = True

    @cached_property
    def _citations_by_field(self) -> dict[str, Citation]:
        if hasattr(self, "citation_rows"):
            return {row.field: citation_from_row(row) for row in self.citation_rows}
        fetched = "citations" in getattr(self, "_prefetched_objects_cache", {})
        citations = self.citations.all() if fetched else self.citations.select_related("source")
        return {citation.field: citation for citation in citations}

    def citation_for(self, field: str) -> Citation | None:
        """The source of ``field``. One query per record unless citations were prefetched."""
        return self._citations_by_field.get(field)
