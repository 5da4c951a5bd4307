"""What the law asks for: consent by purpose, files kept apart, looks noted, requests proven."""

from __future__ import annotations

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.choices import Purpose
from inquiries.models.inquiry import Inquiry, new_secret


class Consent(models.Model):
    """One purpose a sender agreed to beside the answer itself, and which words were shown.

    What he agreed to by sending the form stands in the inquiry (``consent_version``).
    """

    Purpose = Purpose

    inquiry = models.ForeignKey(
        Inquiry, verbose_name=_("inquiry"), on_delete=models.CASCADE, related_name="consents"
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices)
    version = models.CharField(_("consent text"), max_length=20)
    language = models.CharField(
        _("language of the consent text"), max_length=10, choices=settings.LANGUAGES
    )
    given_at = models.DateTimeField(_("agreed at"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["given_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry", "purpose"],
                name="consent_once_per_purpose",
                violation_error_message=_("There is a consent for this purpose already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.inquiry})"


def private_files() -> Storage:
    """A place that no web server is told of; files leave it only through a checked view."""
    if "private" in settings.STORAGES:
        return storages["private"]
    return FileSystemStorage(
        location=settings.PRIVATE_ROOT,
        base_url=None,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )


def private_name(instance: InquiryFile, filename: str) -> str:
    """A name that says nothing; the sender's own name is kept in the row."""
    return f"inquiries/{new_secret()}"


class InquiryFile(models.Model):
    """A file that an inquirer or an officer added to an inquiry. Offered as a download only."""

    class Scan(models.TextChoices):
        NOT_SCANNED = "not_scanned", _("Not scanned")
        CLEAN = "clean", _("Nothing found")
        INFECTED = "infected", _("Infected")

    inquiry = models.ForeignKey(
        Inquiry, verbose_name=_("inquiry"), on_delete=models.CASCADE, related_name="files"
    )
    file = models.FileField(_("file"), storage=private_files, upload_to=private_name)
    name = models.CharField(_("name of the file"), max_length=160)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    is_from_inquirer = models.BooleanField(_("from the inquirer"), default=True)
    scan = models.CharField(
        _("scan"), max_length=12, choices=Scan.choices, default=Scan.NOT_SCANNED
    )
    added_at = models.DateTimeField(_("added"), default=timezone.now)
    #: One showing of the form: sent twice, it is stored once.
    submission_key = models.CharField(
        max_length=43, unique=True, null=True, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.inquiry} {self.pk}"


class Look(models.Model):
    """A member of staff saw personal data of an inquiry, or took them away."""

    class Kind(models.TextChoices):
        VIEW = "view", _("Opened")
        FILE = "file", _("File downloaded")
        EXPORT = "export", _("Exported")

    inquiry = models.ForeignKey(
        Inquiry, verbose_name=_("inquiry"), on_delete=models.CASCADE, related_name="looks"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.VIEW)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d %H:%M}"


class DataRequest(models.Model):
    """A request for a copy of one's data or for their erasure, and the proof that it was done.

    Outlives the inquiry's personal data, so it names nobody: the reference and counts only.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("Copy of the data")
        ERASURE = "erasure", _("Erasure")
        WITHDRAWAL = "withdrawal", _("Consent withdrawn")
        RETENTION = "retention", _("Erased after the time of keeping")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    inquiry = models.ForeignKey(
        Inquiry,
        verbose_name=_("inquiry"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="data_requests",
    )
    reference = models.CharField(_("reference"), max_length=20)
    requested_at = models.DateTimeField(_("requested"), default=timezone.now)
    is_by_inquirer = models.BooleanField(_("by the inquirer"), default=False)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    #: What was handed out or erased, as numbers: {"events": 4, "files": 1, …}.
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    #: SHA-256 of the file that was handed out.
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.reference}"
