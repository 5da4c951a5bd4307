"""What a visitor sends, for tests: a form that was open for a minute."""

import time
from typing import Any

from core.models import Contact, SiteSettings
from inquiries import consent
from inquiries.forms import InquiryForm
from inquiries.models import Inquiry
from inquiries.services import InquiryContext, submit_inquiry
from tests.factories import ContactFactory

FORM = "/en/inquiry/"


def token(age: float = 60) -> str:
    """The token of a page that was made ``age`` seconds ago."""
    return InquiryForm.new_token(at=time.time() - age)


def answers(**changes: Any) -> dict[str, Any]:
    """Everything that has to be answered, with ``changes``; None leaves a field out."""
    sent = {
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "country": "GB",
        "subject": "invest",
        "message": "We look for 20 hectares near a port.",
        "website": "",
        "guard_token": token(),
        "consent_version": consent.CURRENT,
        **changes,
    }
    return {name: value for name, value in sent.items() if value is not None}


def cluster_desk(**values: Any) -> Contact:
    """The contact that answers for the whole cluster."""
    desk = ContactFactory(
        **{"organisation_en": "Cluster office", "email": "cluster@example.org", **values}
    )
    site = SiteSettings.get_solo()
    site.contact = desk
    site.save()
    return desk


def stored_inquiry(context: InquiryContext | None = None, **changes: Any) -> Inquiry:
    """An inquiry as the form stores it, with its mails."""
    given = {
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "country": "GB",
        "subject": "invest",
        "message": "We look for 20 hectares near a port.",
        **changes,
    }
    language = given.pop("language", "en")
    key = given.pop("key", None) or token()[-40:]
    return submit_inquiry(given, context or InquiryContext(), key=key, language=language)
