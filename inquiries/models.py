"""Inquiries: the only personal data of visitors in the portal, and all of it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from core.models import Contact
from inquiries.choices import (
    WAITING,
    InquirerCountries,
    InvestmentBand,
    Start,
    Status,
    Subject,
)
from investment.models import Project
from parks.models import Industry, Park

MESSAGE_LENGTH = 5000

#: Without letters and digits that are taken for one another, on paper or on the telephone.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_LENGTH = 6


def new_secret() -> str:
    """192 random bits for an address that nobody can guess."""
    return secrets.token_urlsafe(24)


def new_reference(year: int) -> str:
    """A number to say on the telephone: ``INQ-2026-7F3K9M``. It opens nothing."""
    code = "".join(secrets.choice(REFERENCE_ALPHABET) for _place in range(REFERENCE_LENGTH))
    return f"INQ-{year}-{code}"


class InquiryQuerySet(models.QuerySet):
    """Which inquiries?"""

    def open(self) -> InquiryQuerySet:
        """Those whose senders still wait for an answer."""
        return self.filter(status__in=WAITING)

    def overdue(self, at: datetime | None = None) -> InquiryQuerySet:
        """Those that wait although the promised time is over."""
        return self.open().filter(due_at__lt=at or timezone.now())


class Inquiry(models.Model):
    """One message of one person, as it was sent, and where its answer stands."""

    Subject = Subject
    InvestmentBand = InvestmentBand
    Start = Start
    Status = Status

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    secret = models.CharField(max_length=43, unique=True, default=new_secret, editable=False)
    #: One showing of the form: sent twice, it is stored once.
    submission_key = models.CharField(max_length=43, unique=True, editable=False)
    created_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=100)
    email = models.EmailField(_("e-mail"))
    country = CountryField(_("country/region"), countries=InquirerCountries)
    subject = models.CharField(_("what about"), max_length=12, choices=Subject.choices)
    message = models.TextField(_("message"), validators=[MaxLengthValidator(MESSAGE_LENGTH)])

    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    industry = models.ForeignKey(
        Industry,
        verbose_name=_("industry"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inquiries",
    )
    investment_band = models.CharField(
        _("planned investment"), max_length=12, choices=InvestmentBand.choices, blank=True
    )
    land_needed = models.DecimalField(
        _("land needed"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("In square metres."),
    )
    start = models.CharField(_("planned start"), max_length=12, choices=Start.choices, blank=True)

    park = models.ForeignKey(
        Park,
        verbose_name=_("park"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inquiries",
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inquiries",
    )
    page = models.CharField(_("sent from"), max_length=200, blank=True)

    consent_version = models.CharField(_("consent text"), max_length=20)
    consent_language = models.CharField(
        _("language of the consent text"), max_length=10, choices=settings.LANGUAGES
    )
    consent_at = models.DateTimeField(_("agreed at"))

    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.NEW
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inquiries",
        limit_choices_to={"is_staff": True, "is_active": True},
    )
    officer = models.ForeignKey(
        Contact,
        verbose_name=_("desk that answers"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inquiries",
    )
    due_at = models.DateTimeField(_("answer due"))

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["status", "due_at"], name="inquiry_status_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("created_at")),
                name="inquiry_due_after_receipt",
                violation_error_message=_("The answer is due after the inquiry was received."),
            ),
        ]

    def __str__(self) -> str:
        """The reference: what goes into logs and histories names nobody."""
        return self.reference

    def get_absolute_url(self) -> str:
        """The receipt, in the language of the request. Whoever knows it can read the message."""
        return f"{reverse('inquiries:thanks')}?r={self.secret}"

    def is_overdue(self, at: datetime | None = None) -> bool:
        return Status(self.status).is_waiting and self.due_at < (at or timezone.now())


class InquiryEvent(models.Model):
    """Something that happened to an inquiry. Written once, never changed."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        NOTE = "note", _("Note")
        STATUS = "status", _("Status changed")
        ASSIGNED = "assigned", _("Assigned")
        MAIL_SENT = "mail_sent", _("Mail sent")
        MAIL_FAILED = "mail_failed", _("Mail given up")
        MAIL_AGAIN = "mail_again", _("Mail sent again by hand")
        SECRET = "secret", _("Receipt link replaced")

    inquiry = models.ForeignKey(
        Inquiry, verbose_name=_("inquiry"), on_delete=models.CASCADE, related_name="events"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    at = models.DateTimeField(_("at"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    text = models.TextField(_("text"), blank=True)
    is_public = models.BooleanField(_("shown to the inquirer"), default=False)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.at:%Y-%m-%d %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("Events are written once and never changed.")
        super().save(*args, **kwargs)


class OutgoingMailQuerySet(models.QuerySet):
    """Which mails?"""

    def due(self, at: datetime | None = None) -> OutgoingMailQuerySet:
        """Those to be sent now that no other worker has in hand."""
        now = at or timezone.now()
        return self.filter(
            models.Q(leased_until=None) | models.Q(leased_until__lte=now),
            status=OutgoingMail.Status.QUEUED,
            next_attempt_at__lte=now,
        )


class OutgoingMail(models.Model):
    """A mail to be sent: written in the transaction of what it is about, sent by the worker.

    The text is made from the inquiry when it is sent, so no second copy of the message is kept.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Receipt to the inquirer")
        NOTICE = "notice", _("Notice to the desk")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    inquiry = models.ForeignKey(
        Inquiry, verbose_name=_("inquiry"), on_delete=models.CASCADE, related_name="mails"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    recipient = models.EmailField(_("to"))
    #: The same in every attempt, so that a mail that was accepted twice is shown once.
    message_id = models.CharField(max_length=120, unique=True, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.QUEUED
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=120, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-queued_at", "-pk"]
        indexes = [models.Index(fields=["status", "next_attempt_at"], name="mail_status_next")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_status_display()})"
