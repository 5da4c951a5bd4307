"""The desk: Django's admin under the portal's name, with what needs doing on its first page."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from staff.dashboard import dashboard

#: Apps in the order in which an editor thinks of them.
APP_ORDER = ("news", "parks", "investment", "portal", "library", "inquiries", "core", "publishing")


class StaffSite(AdminSite):
    """The admin site of the portal."""

    site_header = _("Desk")
    site_title = _("Desk")
    index_title = _("What needs you today")

    @method_decorator(secure_admin_login)
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Log in where second factors and throttling are: under /accounts/."""
        return HttpResponseRedirect(reverse("admin:index"))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_logout"))

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_change_password"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list:
        """Apps by the order of editors' work instead of by the alphabet."""
        places = {label: place for place, label in enumerate(APP_ORDER)}
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: places.get(app["app_label"], len(places)))

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().index(request, {"dashboard": dashboard(request), **(extra_context or {})})
