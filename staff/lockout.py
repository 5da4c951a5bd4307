"""What a person sees who guessed a password too often.

django-axes counts failures for each pair of user name and address. Somebody who guesses shuts
out only himself: the owner of the account still gets in from elsewhere.
"""

from collections.abc import Mapping

from axes.helpers import get_cool_off
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

#: Longest user name that is written down with a failed attempt.
LONGEST_NAME = 150


def attempted_username(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The name somebody tried, the same for "Anna" and "anna "."""
    tried = credentials or request.POST
    name = tried.get("username") or tried.get("login") or tried.get("email") or ""
    return name.strip().lower().replace("\0", "")[:LONGEST_NAME]


def locked_out(
    request: HttpRequest, response: HttpResponse, credentials: Mapping[str, str] | None
) -> HttpResponse:
    """A page in the reader's language that says how long to wait. Status 429."""
    minutes = int(get_cool_off(request).total_seconds() // 60)
    page = render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
    page["Retry-After"] = str(minutes * 60)
    page["Cache-Control"] = "no-store"
    return page
