"""How well the bureau answers when nobody knows that it is a test."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from inquiries.models.inquiry import Inquiry


class MysteryShop(models.Model):
    """The month's test inquiry and its marks, by the five questions of the World Bank's GIPB.

    GIPB (Global Investment Promotion Best Practices) asks of each inquiry: was somebody reached,
    did a named person answer, were all questions answered, was a case made for the place, and was
    there a follow-up. Empty: not judged yet.
    """

    month = models.DateField(_("month"), unique=True, help_text=_("The first day of the month."))
    inquiry = models.OneToOneField(
        Inquiry,
        verbose_name=_("inquiry"),
        on_delete=models.CASCADE,
        related_name="mystery_shop",
    )
    reached = models.BooleanField(_("somebody was reached"), null=True, blank=True)
    named = models.BooleanField(_("a named person answered"), null=True, blank=True)
    all_answered = models.BooleanField(_("all questions were answered"), null=True, blank=True)
    business_case = models.BooleanField(_("a case was made for the place"), null=True, blank=True)
    followed_up = models.BooleanField(_("there was a follow-up"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    scored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("judged by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    scored_at = models.DateTimeField(_("judged"), null=True, blank=True)

    QUESTIONS = ("reached", "named", "all_answered", "business_case", "followed_up")

    class Meta:
        verbose_name = _("mystery shopping")
        verbose_name_plural = _("mystery shopping")
        ordering = ["-month"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def score(self) -> int | None:
        """0 to 5; None while a question is not judged."""
        marks = [getattr(self, name) for name in self.QUESTIONS]
        return None if None in marks else sum(marks)
