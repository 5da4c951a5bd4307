"""What holds on every address of the desk: session limits, language, second factor."""

from __future__ import annotations

import time
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from core.middleware import is_staff_address
from staff.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]

#: Keys in the session.
STARTED = "desk_started"
SEEN = "desk_seen"
SECOND_FACTOR = "desk_second_factor"
#: "Last seen" is written at most this often, so that reading pages writes no rows. Seconds.
SEEN_EVERY = 60


class SessionLimitsMiddleware:
    """Ends a session after half an hour without a request, and after a working day in any case.

    Pages of the desk are never stored by a browser or proxy: after logging out, "back" shows
    nothing.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_staff_address(request.path_info):
            return self.get_response(request)
        if request.user.is_authenticated:
            now = int(time.time())
            started = request.session.get(STARTED, now)
            seen = request.session.get(SEEN, now)
            is_idle = now - seen > settings.SESSION_IDLE_SECONDS
            if is_idle or now - started > settings.SESSION_COOKIE_AGE:
                logout(request)
                messages.info(request, _("You were logged out for safety. Log in again."))
            elif now - seen >= SEEN_EVERY:
                request.session[SEEN] = now
        response = self.get_response(request)
        if request.user.is_authenticated and STARTED not in request.session:
            # Just logged in.
            request.session[STARTED] = request.session[SEEN] = int(time.time())
        add_never_cache_headers(response)
        return response


class DeskLanguageMiddleware:
    """The language that a member of staff chose for the desk."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_staff_address(request.path_info):
            return self.get_response(request)
        chosen = getattr(request.user, "language", "")
        if chosen not in dict(settings.LANGUAGES):
            return self.get_response(request)
        request.LANGUAGE_CODE = chosen
        with translation.override(chosen):
            response = self.get_response(request)
        response.headers["Content-Language"] = chosen
        return response


def needs_second_factor(user: User) -> bool:
    """Whether ``user`` can change accounts or everything, and so must prove who it is twice."""
    return user.is_superuser or user.has_perm("staff.change_user")


class SecondFactorMiddleware:
    """With ``REQUIRE_MFA``: administrators set up a second factor before anything else.

    One query for an administrator's first page after logging in, none after that.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_MFA and self._is_blocked(request):
            messages.warning(
                request,
                _("Administrators log in with a second factor. Set one up to go on."),
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)

    @staticmethod
    def _is_blocked(request: HttpRequest) -> bool:
        path = request.path_info
        if not (is_staff_address(path) and path.startswith("/admin")):
            return False
        if request.path_info in {reverse("admin:logout"), reverse("admin:jsi18n")}:
            return False
        user = request.user
        if not user.is_authenticated or request.session.get(SECOND_FACTOR):
            return False
        if not needs_second_factor(user):
            return False
        if is_mfa_enabled(user):
            request.session[SECOND_FACTOR] = True
            return False
        return True
