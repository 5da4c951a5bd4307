"""Forms for everybody, kept from robots without a third party and without losing a word.

A public form is sent by people without an account, so what keeps robots out is plain: a field
that people cannot see, a signed token that tells when the page was made, and limits on how often
one address and everybody together may send. A refusal is never final: the same page comes back
with everything that was typed, a note in plain words, and the means to send it again.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, ClassVar
from urllib.parse import unquote_to_bytes

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from core.outage import DATABASE_AWAY, RETRY_AFTER
from core.proof_of_work import ProofInput, is_asked, is_solved, new_challenge
from core.rate_limit import RateLimit, client_network, count_once, wider_network
from core.read_only import ReadOnlyMode

logger = logging.getLogger(__name__)

TOKEN = "guard_token"  # noqa: S105
TRAP = "website"
PROOF = "proof"

SHORTEST_TIME = 3  # seconds between making the page and sending it
LONGEST_TIME = 12 * 3600  # seconds
CLOCK_SKEW = 600  # seconds by which the clocks of two servers may differ


class TrapInput(forms.TextInput):
    """A field that people neither see nor reach. Not ``type="hidden"``: robots know that one."""

    template_name = "components/_trap_input.html"
    #: Printed with the hidden fields, without label, hint and error of a visible one.
    is_hidden = True


class CsrfCheck(CsrfViewMiddleware):
    """Django's own check, asked by the form, which then says why instead of dropping the text."""

    def _reject(self, request: HttpRequest, reason: str) -> str:  # type: ignore[override]
        return reason


def csrf_refusal(request: HttpRequest) -> str | None:
    """Django's reason to refuse ``request`` as forged, or None."""
    check = CsrfCheck(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, None, (), {})  # type: ignore[return-value]


def guarded_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For views with a ``GuardedForm``: GET, HEAD and POST, never stored, text in UTF-8.

    The middleware's CSRF check is left to the form, which refuses with everything typed kept;
    a view without a ``GuardedForm`` must not use this.
    """

    @never_cache
    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            refuse_broken_text(request)
        return view(request, *args, **kwargs)

    return guarded


def guarded_upload_page(
    most_bytes: int,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """``guarded_page`` for a form with files of up to ``most_bytes`` in all.

    The view is given ``is_too_heavy``; then it must not read the body, and answers 413.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @never_cache
        @csrf_exempt
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            length = request.META.get("CONTENT_LENGTH") or "0"
            is_too_heavy = not length.isdecimal() or int(length) > most_bytes
            if request.method == "POST" and not is_too_heavy:
                refuse_broken_values(request)
            return view(request, *args, is_too_heavy=is_too_heavy, **kwargs)

        return guarded

    return decorate


def refuse_broken_text(request: HttpRequest) -> None:
    """Answer 400 to a body that is not UTF-8 or holds NUL bytes.

    Django would replace broken bytes by question marks and store them, PostgreSQL raises on NUL,
    and a charset such as utf-7 brings in half characters that no database and no page can hold.
    """
    body = request.body
    if request.content_type == "application/x-www-form-urlencoded":
        body = unquote_to_bytes(body)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("The form is not in UTF-8.") from None
    # Once more after parsing: a part of a multipart body may be packed in base64.
    refuse_broken_values(request)


def refuse_broken_values(request: HttpRequest) -> None:
    """The same for the parsed form: one with files cannot be read as text as a whole."""
    charset = (request.content_params or {}).get("charset", "utf-8")
    values = (value for name, found in request.POST.lists() for value in (name, *found))
    if charset.lower() not in {"utf-8", "utf8", "us-ascii"} or any("\0" in text for text in values):
        raise BadRequest("The form is not in UTF-8 or has NUL bytes.")


def render_guarded(
    request: HttpRequest, template: str, context: dict[str, Any], *, form: GuardedForm
) -> HttpResponse:
    """The page with ``form``, with the status and the ``Retry-After`` that its answer calls for."""
    response = render(request, template, {**context, "form": form}, status=form.status_code)
    if form.retry_after:
        response["Retry-After"] = str(form.retry_after)
    return response


class GuardedForm(forms.Form):
    """Base of public forms. Give it the ``request``; print its hidden fields in the template.

    ``form.submission_key`` names one showing of the page (128 random bits): whoever stores the
    form stores the key as unique, so that a double click or a reload stores it once.
    """

    use_required_attribute = False
    #: What one address may send in an hour and a day, its neighbours, and all of them together.
    limits: ClassVar[tuple[RateLimit, ...]] = (
        RateLimit("form-hour", settings.FORM_LIMIT_HOUR, 3600),
        RateLimit("form-day", settings.FORM_LIMIT_DAY, 86_400),
    )
    network_limits: ClassVar[tuple[RateLimit, ...]] = (
        RateLimit("form-net", settings.FORM_LIMIT_NETWORK_HOUR, 3600),
    )
    global_limits: ClassVar[tuple[RateLimit, ...]] = (
        RateLimit("form-all", settings.FORM_LIMIT_ALL_HOUR, 3600),
    )

    website = forms.CharField(required=False, label=_("Leave this empty"), widget=TrapInput)
    guard_token = forms.CharField(required=False, widget=forms.HiddenInput)
    proof = forms.CharField(required=False, widget=ProofInput)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *args: Any, request: HttpRequest, **kwargs: Any
    ) -> None:
        super().__init__(data, *args, **kwargs)
        self.request = request
        self.status_code = 200
        self.retry_after = 0
        self.submission_key = ""
        self._issued_at = 0.0
        if self.is_bound:
            self._read_token()
        else:
            self.submission_key = secrets.token_urlsafe(16)
            self.initial[TOKEN] = self.new_token(key=self.submission_key)
        if not is_asked():
            del self.fields[PROOF]
        self._ask_for_proof(self.submission_key)

    # --- the token

    @classmethod
    def _signer(cls) -> signing.Signer:
        return signing.Signer(salt=f"core.form_guard.{cls.__name__}")

    @classmethod
    def new_token(cls, at: float | None = None, key: str = "") -> str:
        """Token for a page made ``at`` (seconds since 1970; default: now)."""
        issued = int(time.time() if at is None else at)
        return cls._signer().sign_object([issued, key or secrets.token_urlsafe(16)])

    def _read_token(self) -> None:
        try:
            issued, key = self._signer().unsign_object(self.data.get(self.add_prefix(TOKEN), ""))
            self._issued_at, self.submission_key = float(issued), str(key)
        except (signing.BadSignature, ValueError, TypeError):
            self._issued_at, self.submission_key = 0.0, ""

    def _replace(self, name: str, value: str) -> None:
        """Show ``value`` in the form that goes back, whatever was sent."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix(name)] = value
        self.data = data

    def _ask_for_proof(self, key: str) -> None:
        if PROOF in self.fields:
            self.fields[PROOF].widget.attrs["task"] = new_challenge(key)

    @property
    def suspicion(self) -> str:
        """Why what was sent belongs into quarantine although it breaks no rule; empty: nothing."""
        if not is_asked():
            return ""
        answer = self.cleaned_data.get(PROOF, "")
        return "" if is_solved(answer, self.submission_key) else "no_proof"

    # --- the checks

    def full_clean(self) -> None:
        """Django's checks, then the guard's; what breaks a rule is not counted as sent."""
        super().full_clean()
        if not self.is_bound:
            return
        self._check_sender()
        if not self._errors:
            self._count()
        if self._errors and self.status_code == 200:
            self.status_code = 422

    def _check_sender(self) -> None:
        if csrf_refusal(self.request):
            self.status_code = 403
            self._refuse(
                "csrf",
                _(
                    "This was not sent, because your browser sent no cookie with it. Please send "
                    "it again. If that does not help, allow cookies for this site, or write or "
                    "call us."
                ),
            )
        if self.data.get(self.add_prefix(TRAP)):
            self._replace(TRAP, "")
            self._refuse(
                "trap",
                _(
                    "A field that people cannot see was filled in, perhaps by your browser. It is "
                    "empty now. Please send the form again."
                ),
            )
        age = time.time() - self._issued_at
        if not self.submission_key or not -CLOCK_SKEW <= age <= LONGEST_TIME + CLOCK_SKEW:
            key = secrets.token_urlsafe(16)
            self._replace(TOKEN, self.new_token(key=key))
            self._ask_for_proof(key)
            self._refuse(
                "expired",
                _(
                    "This page was open for more than 12 hours. Please read what you wrote once "
                    "more, then send it."
                ),
            )
        elif 0 <= age < SHORTEST_TIME:
            # A page from a server whose clock is ahead is younger than nothing, and is let in.
            self._refuse(
                "fast",
                _(
                    "This came faster than people write, as from a robot. Please wait a moment, "
                    "then send it again."
                ),
            )

    def _count(self) -> None:
        """Count what is otherwise right against the limits, one showing of the page once."""
        address = client_network(self.request)
        network = wider_network(address)
        uses = [(limit, address) for limit in self.limits]
        uses += [(limit, network) for limit in self.network_limits]
        uses += [(limit, "") for limit in self.global_limits]
        once = f"{type(self).__name__}:{self.submission_key}"
        wait = 0
        with self.storing():  # waiting for a locked database once is enough
            wait = count_once(once, LONGEST_TIME, uses)
        if wait:
            self.status_code = 429
            self.retry_after = wait
            minutes = -(-self.retry_after // 60)
            self._refuse(
                "limit",
                ngettext_lazy(
                    "Too much was sent from your network or to us. Please send it again in "
                    "%(minutes)d minute, or write or call us.",
                    "Too much was sent from your network or to us. Please send it again in "
                    "%(minutes)d minutes, or write or call us.",
                    "minutes",
                ),
                {"minutes": minutes},
            )

    @contextmanager
    def storing(self) -> Iterator[None]:
        """Around what stores the form: a database that is away becomes a note on the form.

        The page then goes back with everything that was typed, as 503; nothing was stored.
        """
        try:
            yield
        except DATABASE_AWAY as error:
            # Maintenance is meant; everything else is somebody's work.
            level = logging.INFO if isinstance(error, ReadOnlyMode) else logging.ERROR
            logger.log(level, "%s was not stored: %s", type(self).__name__, type(error).__name__)
            self.status_code = 503
            self.retry_after = RETRY_AFTER
            self.add_error(
                None,
                ValidationError(
                    _(
                        "This was not stored, because our records cannot be written at the moment. "
                        "Nothing you wrote is lost: please send it again in a minute, or write or "
                        "call us."
                    ),
                    code="unavailable",
                ),
            )

    def _refuse(self, code: str, words: Any, params: dict[str, Any] | None = None) -> None:
        """Refuse in words, and note the kind of refusal and nothing of the visitor."""
        logger.info("%s refused: %s", type(self).__name__, code)
        self.add_error(None, ValidationError(words, code=code, params=params))
