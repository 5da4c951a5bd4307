"""All models of the app, by what they are about."""

from inquiries.models.answers import AnswerBlock, AskedPoint, Reply
from inquiries.models.events import InquiryEvent
from inquiries.models.inquiry import (
    MESSAGE_LENGTH,
    Inquiry,
    InquiryQuerySet,
    new_reference,
    new_secret,
)
from inquiries.models.mails import InboundMail, OutgoingMail
from inquiries.models.officers import Absence, OfficerProfile, SavedView
from inquiries.models.privacy import Consent, DataRequest, InquiryFile, Look
from inquiries.models.quality import MysteryShop

__all__ = [
    "MESSAGE_LENGTH",
    "Absence",
    "AnswerBlock",
    "AskedPoint",
    "Consent",
    "DataRequest",
    "InboundMail",
    "Inquiry",
    "InquiryEvent",
    "InquiryFile",
    "InquiryQuerySet",
    "Look",
    "MysteryShop",
    "OfficerProfile",
    "OutgoingMail",
    "Reply",
    "SavedView",
    "new_reference",
    "new_secret",
]
