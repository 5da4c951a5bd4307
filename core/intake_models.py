"""What public forms remember in the database: how often, and whom not to listen to.

Kept in the database and not in a cache, so that limits survive a restart and hold across
processes and machines.
"""

from __future__ import annotations

import ipaddress
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Unseen:
    """Mixin of models that no page shows: a change of their rows leaves stored pages alone."""

    def changes_public_pages(self, *, created: bool) -> bool:
        """Never: a beat of the worker would make every page be rendered anew."""
        return False


EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class RateWindow(Unseen, models.Model):
    """How often something happened in one window of time. The key holds a hash, no address."""

    key = models.CharField(max_length=120, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "rate window"
        verbose_name_plural = "rate windows"

    def __str__(self) -> str:
        return self.key


class BlockedSender(Unseen, models.Model):
    """An address, a domain or a network whose messages go into quarantine."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail address")
        DOMAIN = "domain", _("Domain of e-mail addresses")
        NETWORK = "network", _("Network (IP addresses)")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    value = models.CharField(
        _("address"),
        max_length=254,
        help_text=_("name@example.com, example.com, or 203.0.113.0/24."),
    )
    reason = models.CharField(_("why"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("blocked"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    expires_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("blocked sender")
        verbose_name_plural = _("blocked senders")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "value"],
                name="sender_blocked_once",
                violation_error_message=_("This sender is blocked already."),
            ),
        ]

    def __str__(self) -> str:
        return self.value

    def clean(self) -> None:
        """Lower case, and the form of its kind; raises ValidationError with an example."""
        self.value = self.value.strip().lower()
        patterns = {
            self.Kind.EMAIL: (EMAIL, _("Write an e-mail address such as name@example.com.")),
            self.Kind.DOMAIN: (DOMAIN, _("Write a domain such as example.com.")),
        }
        if self.kind in patterns:
            pattern, remedy = patterns[self.Kind(self.kind)]
            if not pattern.fullmatch(self.value):
                raise ValidationError({"value": remedy})
        elif self.kind == self.Kind.NETWORK:
            try:
                self.value = str(ipaddress.ip_network(self.value, strict=False))
            except ValueError:
                remedy = _("Write an address or a network such as 203.0.113.0/24.")
                raise ValidationError({"value": remedy}) from None


class Heartbeat(Unseen, models.Model):
    """When a program that nobody sees was last at work: the task worker, above all."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "heartbeat"
        verbose_name_plural = "heartbeats"

    def __str__(self) -> str:
        return self.name
