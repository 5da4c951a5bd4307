"""What visitors read while the database cannot be asked: whom to call, and their own words.

A database that is away, locked, full or read-only is not a fault in the code: the answer is 503
with the time to come back, never 500. Nothing here asks the database.
"""

from __future__ import annotations

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError

from core.addresses import language_of
from core.storage_away import StorageAwayError

#: Raised by the database for reasons of its own; a wrong query raises others.
DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)
#: What a visitor is asked to wait for.
SOMETHING_AWAY = (*DATABASE_AWAY, StorageAwayError)
RETRY_AFTER = 60  # seconds

#: Fields of our forms that nobody typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "guard_token", "website", "consent_version", "page"})


def typed_text(request: HttpRequest) -> str:
    """What a visitor wrote into a public form, to be copied: longest last, nothing hidden.

    Empty for everything else: what is typed at the desk or at the login never comes back.
    """
    if request.method != "POST" or not language_of(request.path_info):
        return ""
    try:
        sent = [(name, value) for name, value in request.POST.items() if name not in NOT_TYPED]
    except (MultiPartParserError, UnreadablePostError):
        return ""
    return "\n".join(value for _name, value in sorted(sent, key=lambda item: len(item[1])) if value)
