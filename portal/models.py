"""Pages that editors write, the menus, the cluster's history, and what was loaded at first."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.models import Source
from core.partial_dates import PartialDateField
from core.richtext import RichTextField
from investment.models import Project
from library.models import Document
from parks.models import Park
from publishing.models import Publishable

#: First parts of addresses that belong to the portal's own pages.
RESERVED_SLUGS = frozenset(
    {
        "parks",
        "sites",
        "industries",
        "projects",
        "opportunities",
        "policies",
        "procedures",
        "statistics",
        "news",
        "events",
        "history",
        "inquiry",
        "report",
        "contact",
        "search",
        "share",
        "style-guide",
    }
)


class Page(Publishable):
    """A standing page: about, privacy, accessibility, terms of use."""

    search_kind = "page"

    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("summary"), blank=True)
    body = RichTextField(_("text"), blank=True)
    documents = models.ManyToManyField(
        Document, verbose_name=_("documents to download"), blank=True, related_name="pages"
    )

    class Meta(Publishable.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["slug"]

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {"slug": _("The portal uses this address itself. Choose another.")}
            )

    def get_absolute_url(self) -> str:
        return reverse("portal:page", args=[self.slug])


class MenuItem(models.Model):
    """An entry of the main menu or of the footer."""

    class Menu(models.TextChoices):
        MAIN = "main", _("Main menu")
        FOOTER = "footer", _("Footer")

    menu = models.CharField(_("menu"), max_length=6, choices=Menu.choices, default=Menu.MAIN)
    label = models.CharField(_("label"), max_length=40)
    page = models.ForeignKey(
        Page,
        verbose_name=_("page"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="menu_items",
    )
    address = models.CharField(
        _("address"),
        max_length=120,
        blank=True,
        help_text=_("Within this site and without the language, for example /parks/."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("menu entry")
        verbose_name_plural = _("menu entries")
        ordering = ["menu", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page__isnull=False, address="") | Q(page=None, address__startswith="/"),
                name="menu_item_has_one_target",
                violation_error_message=_("Choose a page, or write an address that begins with /."),
            ),
            models.CheckConstraint(
                condition=~Q(address__startswith="//") & ~Q(address__contains="\\"),
                name="menu_item_stays_on_site",
                violation_error_message=_("Write an address of this site, beginning with one /."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or ""


class HistoryEvent(Publishable):
    """A dated step in the development of the cluster."""

    search_kind = "history"
    search_date = "date"

    date = PartialDateField(_("date"), help_text=_("A year, a month (2012-10) or a day."))
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("summary"), blank=True)
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="history_events"
    )
    park = models.ForeignKey(
        Park,
        verbose_name=_("park"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="history_events",
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="history_events",
    )
    is_major = models.BooleanField(_("major"), default=False)

    class Meta(Publishable.Meta):
        verbose_name = _("event in the cluster's history")
        verbose_name_plural = _("history of the cluster")
        ordering = ["date", "pk"]

    def get_absolute_url(self) -> str:
        return f"{reverse('portal:history')}#{self.slug}"


class StarterRecord(models.Model):
    """What ``load_starter`` wrote, so that a later run never overwrites an editor's work."""

    file = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    record = GenericForeignKey("content_type", "object_id")
    digest = models.CharField(max_length=32, help_text="Of the record as it was written.")
    content = models.CharField(max_length=32, help_text="Of the text in the starter file.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "key"], name="starter_record_once")]

    def __str__(self) -> str:
        return f"{self.file}:{self.key}"

    def changes_public_pages(self, *, created: bool) -> bool:
        """Never: it only remembers what was loaded."""
        return False
