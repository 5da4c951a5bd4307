"""Who takes which inquiries, and who is away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inquiries.choices import FINISHED, Kind
from inquiries.filters import officers
from inquiries.models import Absence, OfficerProfile
from inquiries.ownership import cover_absences, hand_over_all


class AmongOfficers(admin.ModelAdmin):
    """Offers as officer, backup and stand-in only those who may work on inquiries."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField:
        kwargs.setdefault("queryset", officers())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class OfficerProfileForm(forms.ModelForm):
    """Lists of kinds and languages as boxes to tick."""

    kinds = forms.MultipleChoiceField(
        label=_("Kinds of inquiry"),
        required=False,
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: all kinds."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which this officer can answer. None ticked: all."),
    )

    class Meta:
        model = OfficerProfile
        fields = ("user", "is_in_rota", "backup", "kinds", "languages", "parks", "industries")
        help_texts = {
            "is_in_rota": _("New inquiries go to whoever was given one longest ago."),
            "backup": _("Sees confidential inquiries too, and takes over in absence."),
            "parks": _("None chosen: any park. Inquiries about a park go first to who names it."),
            "industries": _("None chosen: any industry."),
        }


def say_handed_over(request: HttpRequest, count: int) -> None:
    """How many inquiries have another owner now; nothing for none."""
    if count:
        words = ngettext(
            "%(count)d inquiry was handed over.", "%(count)d inquiries were handed over.", count
        )
        messages.success(request, words % {"count": count})


@admin.register(OfficerProfile)
class OfficerProfileAdmin(AmongOfficers):
    """Officers, with how much each has open."""

    form = OfficerProfileForm
    list_display = ("user", "is_in_rota", "backup", "open_inquiries", "last_assigned_at")
    list_filter = ("is_in_rota",)
    list_select_related = ("user", "backup")
    filter_horizontal = ("parks", "industries")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        unfinished = ~Q(user__inquiries__status__in=FINISHED)
        count = Count("user__inquiries", filter=unfinished)
        return super().get_queryset(request).annotate(open_count=count)

    def delete_model(self, request: HttpRequest, obj: OfficerProfile) -> None:
        """Who takes no inquiries any more hands over what is open."""
        count = hand_over_all(obj.user, request.user, is_leaving=False)
        super().delete_model(request, obj)
        say_handed_over(request, count)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """One after the other, so that none is handed to the next that goes."""
        profiles = list(queryset.select_related("user"))
        queryset.update(is_in_rota=False)
        count = sum(
            hand_over_all(profile.user, request.user, is_leaving=False) for profile in profiles
        )
        super().delete_queryset(request, queryset)
        say_handed_over(request, count)

    @admin.display(description=_("open inquiries"), ordering="open_count")
    def open_inquiries(self, profile: Any) -> int:
        return profile.open_count


@admin.register(Absence)
class AbsenceAdmin(AmongOfficers):
    """Who is away. Saving one hands over at once what belongs to somebody who is away today."""

    list_display = ("user", "first_day", "last_day", "stand_in")
    list_select_related = ("user", "stand_in")
    date_hierarchy = "first_day"
    fields = ("user", ("first_day", "last_day"), "stand_in")

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        say_handed_over(request, cover_absences())
