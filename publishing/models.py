"""The base of every public record, and the addresses it once had."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.addresses import without_language
from core.languages import column, translated_fields
from core.models import Cited, CitedQuerySet
from publishing.search.documents import Searchable
from publishing.search_models import SearchEntry
from publishing.translation_state import update_states
from publishing.visibility import Status, is_public_at, public_q

__all__ = [
    "VISIBILITY_COLUMNS",
    "Publishable",
    "PublishableQuerySet",
    "Redirect",
    "SearchEntry",
    "Status",
]

#: What tells whether a record is public.
VISIBILITY_COLUMNS = ("status", "publish_at", "unpublish_at")


class PublishableQuerySet(CitedQuerySet):
    """Rows that a visitor may or may not see."""

    def public(self, at: datetime | None = None) -> PublishableQuerySet:
        """What a visitor sees at ``at`` (default: now). The one rule of visibility."""
        return self.filter(public_q(at or timezone.now()))

    def stretch(self, start: int, stop: int) -> PublishableQuerySet:
        """Rows ``start`` to ``stop`` of this list, found by their keys alone, in one query.

        What they show (``for_cards()`` and the like) is said afterwards. A database that sorts
        rows for a list carries all that is selected along, which is most of the work with texts
        in three languages; and conditions asked of the rows once more make it walk the list.
        """
        rows = self.model._default_manager.filter(pk__in=self.values("pk")[start:stop])
        return rows.order_by(*(self.query.order_by or self.model._meta.ordering))


class Publishable(Searchable, Cited):
    """A record with an address, an editorial state, a schedule and three languages.

    ``objects`` is unfiltered; everything public goes through ``objects.public()``. Saving
    notes which translations the change made outdated, and remembers the old address when the
    slug changes: two queries more than a plain save.
    """

    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("Last part of the page's address. The old address keeps working."),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.DRAFT
    )
    publish_at = models.DateTimeField(
        _("publish at"),
        null=True,
        blank=True,
        help_text=_("A published page shows from this moment on; empty: at once."),
    )
    unpublish_at = models.DateTimeField(
        _("take down at"), null=True, blank=True, help_text=_("Empty: never.")
    )
    source_language = models.CharField(
        _("written in"),
        max_length=7,
        choices=settings.LANGUAGES,
        default="zh-hans",
        help_text=_("The language the other two are translated from."),
    )
    translation_states = models.JSONField(default=dict, blank=True, editable=False)
    seo_title = models.CharField(
        _("title for search engines"),
        max_length=70,
        blank=True,
        help_text=_("Empty: the title of the page."),
    )
    seo_description = models.CharField(
        _("description for search engines"),
        max_length=170,
        blank=True,
        help_text=_("Empty: the summary."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("last changed by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    #: Field names of the headline and the short text, for cards, search and share images.
    title_field = "title"
    summary_field = "summary"

    objects = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(publish_at=None)
                | models.Q(unpublish_at=None)
                | models.Q(unpublish_at__gt=models.F("publish_at")),
                name="%(app_label)s_%(class)s_taken_down_after_published",
                violation_error_message=_("The page would be taken down before it is published."),
            ),
        ]

    def __str__(self) -> str:
        return self.title_text or self.slug

    def get_absolute_url(self) -> str:
        """The public address in the active language."""
        raise NotImplementedError

    @property
    def title_text(self) -> str:
        """The headline in the active language or the nearest there is."""
        return getattr(self, self.title_field) or ""

    @property
    def summary_text(self) -> str:
        """The short text in the active language or the nearest there is."""
        return getattr(self, self.summary_field) or ""

    @property
    def is_public(self) -> bool:
        """The rule of ``objects.public()`` for a record already at hand."""
        return is_public_at(self, timezone.now())

    def _stored(self) -> dict[str, str | None] | None:
        """Slug and texts as the database has them, or None for a new record."""
        if self.pk is None:
            return None
        names = [
            column(field, code)
            for field in translated_fields(type(self))
            for code, _name in settings.LANGUAGES
        ]
        return type(self)._base_manager.filter(pk=self.pk).values("slug", *names).first()

    @transaction.atomic
    def save(self, *args, machine_languages: frozenset[str] = frozenset(), **kwargs) -> None:
        """Save, with translation states, search index and old address in one transaction.

        With ``update_fields`` only these columns are written, and nothing is noted about others.
        """
        if kwargs.get("update_fields") is not None:
            super().save(*args, **kwargs)
            return
        stored = self._stored()
        update_states(self, stored, machine_languages)
        super().save(*args, **kwargs)
        if stored and stored["slug"] != self.slug:
            Redirect.objects.remember(self, stored["slug"])


class RedirectManager(models.Manager):
    """Old addresses and where they lead now."""

    def remember(self, record: Publishable, old_slug: str) -> Redirect | None:
        """Lead the address ``record`` had under ``old_slug`` to where it is now.

        A record without a page of its own has no address to remember.
        """
        new_path = without_language(record.get_absolute_url())
        if "#" in new_path:
            return None
        new_slug, record.slug = record.slug, old_slug
        old_path = without_language(record.get_absolute_url())
        record.slug = new_slug
        self.filter(old_path=new_path).delete()
        redirect, _created = self.update_or_create(
            old_path=old_path,
            defaults={"record": record, "new_path": "", "reason": Redirect.Reason.RENAMED},
        )
        return redirect


class Redirect(models.Model):
    """An address that once was, and the record or address it leads to. Old links never die."""

    class Reason(models.TextChoices):
        RENAMED = "renamed", _("The page was renamed")
        MOVED = "moved", _("The page was moved")
        IMPORTED = "imported", _("Address of an earlier site")

    old_path = models.CharField(
        _("old address"),
        max_length=200,
        unique=True,
        help_text=_("Without the language, for example /parks/old-name/."),
    )
    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, null=True, blank=True, editable=False
    )
    object_id = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    record = GenericForeignKey("content_type", "object_id")
    new_path = models.CharField(
        _("new address"),
        max_length=200,
        blank=True,
        help_text=_("Within this site and without the language, for example /parks/."),
    )
    reason = models.CharField(
        _("reason"), max_length=10, choices=Reason.choices, default=Reason.MOVED
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = RedirectManager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(old_path__startswith="/"),
                name="redirect_starts_on_site",
                violation_error_message=_("Write an address of this site, beginning with one /."),
            ),
            models.CheckConstraint(
                condition=~models.Q(old_path=models.F("new_path")),
                name="redirect_leads_elsewhere",
                violation_error_message=_("The address would lead to itself."),
            ),
            models.CheckConstraint(
                condition=models.Q(new_path="") | models.Q(new_path__startswith="/"),
                name="redirect_stays_on_site",
                violation_error_message=_("Write an address of this site, beginning with one /."),
            ),
            models.CheckConstraint(
                condition=~models.Q(new_path__startswith="//") & ~models.Q(new_path__contains="\\"),
                name="redirect_has_no_host",
                violation_error_message=_("Write an address of this site, beginning with one /."),
            ),
        ]

    def __str__(self) -> str:
        return self.old_path

    def clean(self) -> None:
        """Bring both addresses into one form, and refuse what could not lead anywhere."""
        super().clean()
        self.old_path = _plain_path(self.old_path)
        self.new_path = _plain_path(self.new_path) if self.new_path else ""
        if not self.new_path and self.object_id is None:
            raise ValidationError({"new_path": _("Write where the old address leads.")})
        if self.new_path == self.old_path:
            raise ValidationError({"new_path": _("The address would lead to itself.")})


def _plain_path(path: str) -> str:
    """``/en/parks/old?x=1`` → ``/parks/old/``: as addresses are looked up."""
    if not path.startswith("/") or path.startswith("//"):
        return path  # another site, or no address at all: the constraints refuse it in words
    path = without_language(path.partition("?")[0].partition("#")[0].strip())
    return f"/{path.strip('/')}/" if path.strip("/") else "/"
