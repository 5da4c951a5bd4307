"""Mails that leave for an inquirer or a desk, and mails that come in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.models.answers import Reply
from inquiries.models.inquiry import Inquiry


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
        REPLY = "reply", _("Reply to the inquirer")
        ASSIGNED = "assigned", _("Notice to the owner")
        DIGEST = "digest", _("Notice to the owner of several")
        REMINDER = "reminder", _("Reminder to the owner")
        ESCALATION = "escalation", _("Notice to the chief")
        UPDATE = "update", _("Notice that the inquirer has added something")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Given up")

    inquiry = models.ForeignKey(
        Inquiry, verbose_name=_("inquiry"), on_delete=models.CASCADE, related_name="mails"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    recipient = models.EmailField(_("to"))
    #: Of a reply: what is sent.
    reply = models.OneToOneField(
        Reply, on_delete=models.CASCADE, null=True, blank=True, related_name="mail"
    )
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


class InboundMail(models.Model):
    """A message of an inquirer that came by mail, or was pasted in by an officer.

    Without an inquiry it waits to be filed by hand.
    """

    class Source(models.TextChoices):
        PASTED = "pasted", _("Pasted in")
        IMAP = "imap", _("From the mailbox")

    inquiry = models.ForeignKey(
        Inquiry,
        verbose_name=_("inquiry"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="inbound_mails",
    )
    #: Of the mail itself, or made up for what was pasted in; the same mail is filed once.
    message_id = models.CharField(max_length=255, unique=True)
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    sender = models.CharField(_("from"), max_length=254, blank=True)
    subject = models.CharField(_("subject line"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("filed by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("message received")
        verbose_name_plural = _("messages received")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.received_at:%Y-%m-%d %H:%M}"
