"""How allauth works here: no sign-up, only staff come in, secrets are stored encrypted."""

from base64 import urlsafe_b64encode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.encoding import punycode

from staff.models import User


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an Administrator, never by a visitor."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse | None:
        """Turn away whoever is not staff, also when a passkey and no password was shown."""
        if not (user.is_staff and user.is_active):
            return HttpResponseRedirect(reverse("account_inactive"))
        return super().pre_login(request, user, **kwargs)

    def is_safe_url(self, url: str) -> bool:
        """Whether it is ours to send somebody to. What cannot be read as an address is not."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def clean_email(self, email: str) -> str:
        """Refuse a domain that no mail server can be asked for; sending would break on it."""
        try:
            punycode(email.rpartition("@")[2])
        except UnicodeError:
            raise ValidationError(EmailValidator.message, code="invalid") from None
        return super().clean_email(email)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("admin:index")


class StaffMFAAdapter(DefaultMFAAdapter):
    """Second factors, with their secrets unreadable in a stolen database or backup.

    The key comes from ``SECRET_KEY``; with ``SECRET_KEY_FALLBACKS`` old secrets stay readable
    while a new key takes over. Whoever loses the key loses the second factors: an Administrator
    then has each person set up a new one.
    """

    @staticmethod
    def _cipher() -> MultiFernet:
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        digests = (salted_hmac("staff.mfa", "", key, algorithm="sha256").digest() for key in keys)
        return MultiFernet([Fernet(urlsafe_b64encode(digest)) for digest in digests])

    def encrypt(self, text: str) -> str:
        return self._cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._cipher().decrypt(encrypted_text.encode()).decode()
