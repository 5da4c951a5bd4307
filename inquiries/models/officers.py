"""Who answers: what each officer looks after, and when they are away."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from inquiries.choices import Kind
from parks.models import Industry, Park


class OfficerProfile(models.Model):
    """What inquiries a member of staff takes. Whoever has none takes no part in the rota.

    Empty lists mean "all": an officer without parks takes inquiries about any park.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("officer"),
        on_delete=models.CASCADE,
        related_name="officer_profile",
        limit_choices_to={"is_staff": True, "is_active": True},
    )
    is_in_rota = models.BooleanField(_("takes new inquiries"), default=True)
    kinds = models.JSONField(_("kinds of inquiry"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    parks = models.ManyToManyField(
        Park, verbose_name=_("parks"), blank=True, related_name="officers_in_charge"
    )
    industries = models.ManyToManyField(
        Industry, verbose_name=_("industries"), blank=True, related_name="officers_in_charge"
    )
    backup = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("backup"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_staff": True, "is_active": True},
    )
    #: The rota's turn: who was given one longest ago is next.
    last_assigned_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("officer")
        verbose_name_plural = _("officers and rota")
        ordering = ["user__username"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(backup=F("user")),
                name="officer_is_not_own_backup",
                violation_error_message=_("Choose somebody else as backup."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    def takes_kind(self, kind: str) -> bool:
        return not self.kinds or Kind(kind) in self.kinds

    def reads(self, language: str) -> bool:
        return not self.languages or language in self.languages


class Absence(models.Model):
    """Days on which an officer is away; inquiries go to the stand-in, else to the backup."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("officer"),
        on_delete=models.CASCADE,
        related_name="absences",
        limit_choices_to={"is_staff": True, "is_active": True},
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("stand-in"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"is_staff": True, "is_active": True},
    )

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="absence_ends_after_it_begins",
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                condition=~Q(stand_in=F("user")),
                name="absent_officer_is_not_own_stand_in",
                violation_error_message=_("Choose somebody else as stand-in."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.first_day} – {self.last_day}"


class SavedView(models.Model):
    """Filters of the list or board under a name of one's own."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inquiry_views"
    )
    name = models.CharField(_("name of the view"), max_length=60)
    #: Query string of the list, without page and order of columns that do not exist any more.
    query = models.CharField(max_length=500)
    is_shared = models.BooleanField(_("for all officers"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="saved_view_name_once",
                violation_error_message=_("You have a view of that name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
