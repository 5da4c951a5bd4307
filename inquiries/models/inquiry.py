"""An inquiry: how it came, where it stands, whose it is."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from core.models import Contact
from inquiries.choices import (
    FINISHED,
    PIPELINE_KINDS,
    Channel,
    CloseReason,
    InquirerCountries,
    InvestmentBand,
    Kind,
    PauseReason,
    Role,
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

    def visible_to(self, user: Any) -> InquiryQuerySet:
        """Without the confidential ones of others; a chief sees all.

        A permission to view inquiries is asked for elsewhere: this narrows, it never opens.
        """
        if user.has_perm("inquiries.oversee_inquiry"):
            return self
        mine = Q(assigned_to=user) | Q(backup=user)
        return self.filter(Q(is_confidential=False) | mine)

    def counted(self) -> InquiryQuerySet:
        """Those that figures are made of: no tests, nothing in quarantine."""
        return self.filter(is_synthetic=False).exclude(status=Status.SPAM)

    def in_pipeline(self) -> InquiryQuerySet:
        """Of investors and those who look for sites for them."""
        return self.filter(kind__in=PIPELINE_KINDS)

    def open(self) -> InquiryQuerySet:
        """Those with work left to do."""
        return self.exclude(status__in=FINISHED)

    def waiting(self) -> InquiryQuerySet:
        """Those whose senders have had no reply of a person yet, paused or not."""
        return self.open().filter(first_reply_at=None)

    def overdue(self, at: datetime | None = None) -> InquiryQuerySet:
        """Those that wait although the promised time is over, unless their clock is paused."""
        return self.waiting().filter(paused_at=None, due_at__lt=at or timezone.now())


class Inquiry(models.Model):
    """One message of one person, as it was sent, and where its answer stands."""

    Subject = Subject
    InvestmentBand = InvestmentBand
    Start = Start
    Status = Status
    Kind = Kind
    Channel = Channel
    Role = Role
    CloseReason = CloseReason
    PauseReason = PauseReason

    # --- How it came

    reference = models.CharField(_("reference"), max_length=20, unique=True)
    secret = models.CharField(max_length=43, unique=True, default=new_secret, editable=False)
    #: One showing of the form: sent twice, it is stored once.
    submission_key = models.CharField(max_length=43, unique=True, editable=False)
    created_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, default=Kind.INVESTOR, db_index=True
    )
    channel = models.CharField(
        _("how it came"), max_length=10, choices=Channel.choices, default=Channel.WEB
    )
    is_synthetic = models.BooleanField(_("test inquiry"), default=False, editable=False)
    #: Of e-mail address and message, so that the same text sent twice is seen.
    content_digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    duplicate_of = models.ForeignKey(
        "self",
        verbose_name=_("same as"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="duplicates",
    )
    #: Why it lies in quarantine: "blocked", "links" …
    quarantine_reason = models.CharField(_("why in quarantine"), max_length=40, blank=True)

    # --- Who asks, and what

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=100)
    email = models.EmailField(_("e-mail"), blank=True)
    country = CountryField(_("country/region"), countries=InquirerCountries, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, blank=True)
    is_confidential = models.BooleanField(
        _("confidential"),
        default=False,
        help_text=_("Visible to owner, backup and chief only, under a code name."),
    )
    code_name = models.CharField(_("code name"), max_length=60, blank=True)
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
    #: Of a report of an error: what is wrong ("planned area: 76 km²").
    figure = models.CharField(_("figure"), max_length=200, blank=True)

    # --- Personal data

    #: Empty for what was typed in: whoever telephones agrees to nothing in writing.
    consent_version = models.CharField(_("consent text"), max_length=20, blank=True)
    consent_language = models.CharField(
        _("language of the consent text"), max_length=10, choices=settings.LANGUAGES, blank=True
    )
    consent_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    consent_withdrawn_at = models.DateTimeField(_("consent withdrawn"), null=True, blank=True)
    #: From then on the row holds figures only, nothing of a person.
    erased_at = models.DateTimeField(_("personal data erased"), null=True, blank=True)
    #: The time of keeping counts from here.
    last_event_at = models.DateTimeField(
        _("last event"), default=timezone.now, db_index=True, editable=False
    )

    # --- Where it stands

    status = models.CharField(_("stage"), max_length=12, choices=Status.choices, default=Status.NEW)
    proposed_park = models.ForeignKey(
        Park,
        verbose_name=_("park proposed"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    visit_on = models.DateField(_("day of the visit"), null=True, blank=True)
    signed_project = models.ForeignKey(
        Project,
        verbose_name=_("project that came of it"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    close_reason = models.CharField(
        _("why closed"), max_length=10, choices=CloseReason.choices, blank=True
    )
    lost_to = models.CharField(_("lost to"), max_length=120, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)

    # --- Who answers

    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inquiries",
        limit_choices_to={"is_staff": True, "is_active": True},
    )
    backup = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("backup"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="backed_inquiries",
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

    # --- Clocks

    due_at = models.DateTimeField(_("answer due"))
    acknowledged_at = models.DateTimeField(_("receipt sent"), null=True, blank=True, editable=False)
    first_reply_at = models.DateTimeField(
        _("first reply of a person"), null=True, blank=True, editable=False
    )
    next_action = models.CharField(_("next step"), max_length=200, blank=True)
    next_action_due = models.DateTimeField(_("next step due"), null=True, blank=True)
    #: How many of the follow-ups after 3, 10 and 30 days are done since the last reply.
    follow_ups_done = models.PositiveSmallIntegerField(default=0, editable=False)
    follow_up_due = models.DateTimeField(_("follow-up due"), null=True, blank=True)
    paused_at = models.DateTimeField(_("clock paused"), null=True, blank=True)
    pause_reason = models.CharField(
        _("why paused"), max_length=12, choices=PauseReason.choices, blank=True
    )
    #: When owner and chief were last told that it is late, so that nobody is told twice.
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    escalated_at = models.DateTimeField(null=True, blank=True, editable=False)

    # --- What the inquirer thinks of the answer

    rating = models.PositiveSmallIntegerField(
        _("rating"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
    )
    rating_text = models.TextField(_("remark on the answer"), max_length=1000, blank=True)
    rated_at = models.DateTimeField(_("rated"), null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["status", "due_at"], name="inquiry_status_due")]
        permissions = [
            ("oversee_inquiry", "Can see confidential inquiries and the work of all officers"),
            ("export_inquiry", "Can take inquiries away as a file"),
            ("erase_inquiry", "Can erase and hand out personal data"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__gt=F("created_at")),
                name="inquiry_due_after_receipt",
                violation_error_message=_("The answer is due after the inquiry was received."),
            ),
            models.CheckConstraint(
                condition=~Q(status="closed") | ~Q(close_reason=""),
                name="closed_inquiry_has_reason",
                violation_error_message=_("Choose why the inquiry is closed."),
            ),
            models.CheckConstraint(
                condition=~Q(close_reason="lost") | ~Q(lost_to=""),
                name="lost_inquiry_says_to_whom",
                violation_error_message=_("Write to whom or where it was lost."),
            ),
            models.CheckConstraint(
                condition=Q(is_confidential=False) | ~Q(code_name=""),
                name="confidential_inquiry_has_code_name",
                violation_error_message=_("Give a confidential inquiry a code name."),
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | ~Q(pause_reason=""),
                name="paused_inquiry_has_reason",
                violation_error_message=_("Choose why the clock is paused."),
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(1, 5)),
                name="inquiry_rating_in_range",
                violation_error_message=_("A rating is between 1 and 5."),
            ),
            models.CheckConstraint(
                condition=Q(backup=None) | ~Q(backup=F("assigned_to")),
                name="inquiry_backup_is_not_owner",
                violation_error_message=_("Choose somebody else than the owner as backup."),
            ),
        ]

    def __str__(self) -> str:
        """The reference: what goes into logs and histories names nobody."""
        return self.reference

    def get_absolute_url(self) -> str:
        """The receipt, in the language of the request. Whoever knows it can read the message."""
        return f"{reverse('inquiries:thanks')}?r={self.secret}"

    @property
    def is_waiting(self) -> bool:
        """Whether the sender has had no reply of a person yet."""
        return not Status(self.status).is_finished and self.first_reply_at is None

    def is_overdue(self, at: datetime | None = None) -> bool:
        is_running = self.is_waiting and self.paused_at is None
        return is_running and self.due_at < (at or timezone.now())

    @property
    def title(self) -> str:
        """What lists call it: the code name, else the organisation, else the reference."""
        return self.code_name or self.organisation or self.reference
