"""Forms on the inquirer's own pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from core.form_guard import GuardedForm
from core.rate_limit import RateLimit, client_network
from inquiries.forms import LineField, attributes
from inquiries.models import Inquiry, new_secret

#: Wrong tries in an hour, by who tries and by what is tried. The guard counts what was sent once;
#: these count every try.
NETWORK_TRIES = RateLimit("status-network", 20, 3600)
REFERENCE_TRIES = RateLimit("status-reference", 10, 3600)


class LookupForm(GuardedForm):
    """Reference and access code. Says nothing about which of the two is wrong."""

    reference = LineField(
        label=_("Reference number"),
        max_length=20,
        widget=forms.TextInput(attributes(autocomplete="off", autocapitalize="characters")),
        help_text=_("For example INQ-2026-7F3K9M. It stands in the receipt."),
        error_messages={"required": _("Write the reference number.")},
    )
    code = LineField(
        label=_("Access code"),
        max_length=60,
        widget=forms.TextInput(attributes(autocomplete="off")),
        help_text=_("The 32 characters below the reference number in the receipt."),
        error_messages={"required": _("Write the access code.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inquiry: Inquiry | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "reference" not in cleaned or "code" not in cleaned:
            return cleaned
        reference = cleaned["reference"].upper()
        tries = [(NETWORK_TRIES, client_network(self.request)), (REFERENCE_TRIES, reference)]
        if wait := max(limit.peek(subject) for limit, subject in tries):
            self.status_code, self.retry_after = 429, wait
            raise ValidationError(
                _("There were too many tries. Please try again in an hour, or write or call us."),
                code="limit",
            )
        found = Inquiry.objects.filter(reference=reference, erased_at=None).first()
        # Compared with something in any case, so that the time tells nothing.
        secret = found.secret if found else new_secret()
        if not constant_time_compare(secret, cleaned["code"]) or found is None:
            waits = [limit.hit(subject) for limit, subject in tries]
            if wait := max(waits):
                self.status_code, self.retry_after = 429, wait
            raise ValidationError(
                _(
                    "Nothing was found with this reference number and this access code. Copy both "
                    "from the receipt, or write or call us."
                ),
                code="unknown",
            )
        self.inquiry = found
        return cleaned
