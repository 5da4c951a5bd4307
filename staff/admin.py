"""The desk for the people at the desk."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.desk import LANGUAGE_NAMES
from inquiries.admin.officers import say_handed_over
from inquiries.ownership import hand_over_all
from staff.models import User

for model in (EmailAddress, Authenticator):
    # Secrets and mail addresses of others are no records to browse.
    if admin.site.is_registered(model):
        admin.site.unregister(model)
admin.site.unregister(Group)


@admin.register(User)
class StaffUserAdmin(UserAdmin):
    """Members of staff and their roles."""

    list_display = ("username", "first_name", "last_name", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active", "is_superuser")
    filter_horizontal = ()
    actions = ("forget_second_factor",)
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email", "language"]}),
        (
            _("Roles"),
            {
                "fields": ["groups", ("is_active", "is_staff"), "is_superuser"],
                "description": _(
                    "Somebody who leaves: untick “active” instead of deleting the account, "
                    "so that the history keeps the name."
                ),
            },
        ),
        (_("History"), {"fields": [("date_joined", "last_login")], "classes": ["collapse"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [
                    "username",
                    ("first_name", "last_name"),
                    "email",
                    "usable_password",
                    "password1",
                    "password2",
                    "groups",
                ]
            },
        )
    ]
    readonly_fields = ("date_joined", "last_login")

    class Media:
        css = {"all": ("desk/forms.css",)}

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, "is_superuser")

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "language":
            choices = [("", _("As the browser asks")), *LANGUAGE_NAMES.items()]
            return forms.ChoiceField(
                label=_("language of the desk"), choices=choices, required=False
            )
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["help_text"] = _("What this person may do.")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "groups":
            field.label_from_instance = lambda group: gettext(group.name)
        return field

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_reachable(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_reachable(request, obj)

    @staticmethod
    def _is_reachable(request: HttpRequest, obj: User | None) -> bool:
        """A superuser's account, with its password, is a superuser's business."""
        return obj is None or request.user.is_superuser or not obj.is_superuser

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            # An account made at the desk is for the desk.
            obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not (obj.is_active and obj.is_staff):
            say_handed_over(request, hand_over_all(obj, request.user))

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """No inquiry is left without an owner."""
        count = hand_over_all(obj, request.user)
        super().delete_model(request, obj)
        say_handed_over(request, count)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """Closed first, so that none hands his inquiries to the next that goes."""
        queryset.update(is_active=False)
        count = sum(hand_over_all(user, request.user) for user in queryset)
        super().delete_queryset(request, queryset)
        say_handed_over(request, count)

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(gettext(group.name) for group in user.groups.all()) or "–"

    @admin.action(
        description=_("Forget the second factor (lost telephone)"), permissions=["change"]
    )
    def forget_second_factor(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        """The person logs in with the password alone and sets up a new one."""
        for user in queryset:
            if not self.has_change_permission(request, user):
                continue
            deleted, _by_model = Authenticator.objects.filter(user=user).delete()
            if deleted:
                self.log_change(request, user, gettext("Second factor forgotten."))
                self.message_user(
                    request,
                    gettext("%s logs in with the password alone now.") % user,
                    messages.WARNING,
                )


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Roles, to look up what each may do; they change by an update of the portal."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return request.user.is_superuser
