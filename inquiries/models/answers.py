"""What an answer is made of: the questions that were asked, approved words, and the reply."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.languages import columns
from inquiries.choices import Subject
from inquiries.live_facts import check_marks
from inquiries.models.inquiry import Inquiry
from parks.models import Park


class AskedPoint(models.Model):
    """One question out of a message, ticked off when it is answered or promised for a day."""

    inquiry = models.ForeignKey(
        Inquiry, verbose_name=_("inquiry"), on_delete=models.CASCADE, related_name="points"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    text = models.CharField(_("question"), max_length=500)
    #: The reply that answers it; set while the reply is still a draft.
    reply = models.ForeignKey(
        "inquiries.Reply",
        verbose_name=_("answered in"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="points",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    promised_for = models.DateField(_("answer promised for"), null=True, blank=True)

    class Meta:
        verbose_name = _("question asked")
        verbose_name_plural = _("questions asked")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.inquiry} {self.position}"


class AnswerBlock(models.Model):
    """Words that the bureau has approved, in three languages, to put answers together from.

    Marks such as ``{{ park.planned_area }}`` stand for facts, which are filled in when the reply
    is written, with date and source.
    """

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    subject = models.CharField(_("subject"), max_length=12, choices=Subject.choices, blank=True)
    park = models.ForeignKey(
        Park,
        verbose_name=_("only for this park"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="answer_blocks",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approved by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    review_due = models.DateField(_("to be reviewed by"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("answer block")
        verbose_name_plural = _("answer blocks")
        ordering = ["position", "pk"]
        permissions = [("approve_answerblock", "Can approve answer blocks")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A mark that stands for nothing would be sent as it is."""
        super().clean()
        errors = {}
        for _code, name in columns("text"):
            try:
                check_marks(getattr(self, name) or "")
            except ValidationError as error:
                errors[name] = error
        if errors:
            raise ValidationError(errors)

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None


class Reply(models.Model):
    """An answer to an inquirer: a draft until it is sent, then never changed."""

    _was_sent = False

    inquiry = models.ForeignKey(
        Inquiry, verbose_name=_("inquiry"), on_delete=models.CASCADE, related_name="replies"
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject line"), max_length=200)
    text = models.TextField(_("text"), max_length=20_000)
    is_proposal = models.BooleanField(_("is the proposal"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("begun"), default=timezone.now)
    updated_at = models.DateTimeField(_("last saved"), auto_now=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry"],
                condition=Q(sent_at=None),
                name="one_draft_reply_per_inquiry",
                violation_error_message=_("There is a draft of a reply already: go on with it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inquiry} {self.created_at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._was_sent:
            raise TypeError("A reply that was sent is never changed.")
        super().save(*args, **kwargs)
        self._was_sent = self.sent_at is not None

    @classmethod
    def from_db(cls, db: str | None, field_names: list[str], values: list[Any]) -> Self:
        reply = super().from_db(db, field_names, values)
        reply._was_sent = "sent_at" in field_names and reply.sent_at is not None
        return reply
