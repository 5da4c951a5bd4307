"""Codes of the second factor: a million possible ones, so few may be tried."""

from allauth.account.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from core.rate_limit import RateLimit

#: For each account, from whichever address, right or wrong. Only who knows the password comes so
#: far; to have an even chance he would have to go on for years.
CODES_AN_HOUR = RateLimit("second-factor", 10, 3600)


class FewCodes:
    """Mixin: allauth's own limit counts addresses, of which somebody may have many."""

    def clean_code(self) -> str:
        if CODES_AN_HOUR.hit(str(self.user.pk)):  # type: ignore[attr-defined]
            raise get_adapter().validation_error("too_many_login_attempts")
        return super().clean_code()  # type: ignore[misc]


class FewCodesForm(FewCodes, AuthenticateForm):
    """At log in."""


class FewCodesAgainForm(FewCodes, ReauthenticateForm):
    """Before something that needs a fresh log in."""
