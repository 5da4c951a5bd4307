"""What happened to an inquiry: written once, never changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inquiries.models.inquiry import Inquiry


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
        REPLY = "reply", _("Reply sent")
        INBOUND = "inbound", _("Message received")
        CALL = "call", _("Telephone call or talk")
        FOLLOW_UP = "follow_up", _("Followed up")
        NEXT_STEP = "next_step", _("Next step planned")
        PAUSED = "paused", _("Clock paused")
        RESUMED = "resumed", _("Clock runs again")
        REMINDED = "reminded", _("Reminder sent")
        ESCALATED = "escalated", _("Chief told")
        DETAILS = "details", _("Details changed")
        ADDED = "added", _("Information added by the inquirer")
        FILE = "file", _("File added")
        RATED = "rated", _("Answer rated")
        CONSENT = "consent", _("Consent changed")
        EXPORTED = "exported", _("Data handed out")
        ERASED = "erased", _("Personal data erased")
        DUPLICATE = "duplicate", _("Marked as the same as another")
        RELEASED = "released", _("Released from quarantine")

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
