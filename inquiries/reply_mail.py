"""The mail that carries a reply: threaded with the receipt, signed by name, answerable.

It is made from the reply when it is sent, so no second copy of the words is kept.
"""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from core.languages import translated
from core.models import Contact, SiteSettings
from inquiries.models import InboundMail, OutgoingMail
from inquiries.presentation import local_date
from inquiries.status_page import status_address
from publishing.pages import absolute

#: Mails that reach the inquirer: what an answer of his can refer to.
TO_INQUIRER = (OutgoingMail.Kind.RECEIPT, OutgoingMail.Kind.REPLY)
#: Longer threads keep their first and newest mails, as mail programs do.
MOST_REFERENCES = 20


def reply_message(
    mail: OutgoingMail, site: SiteSettings, connection: BaseEmailBackend | None = None
) -> EmailMessage:
    """The reply of ``mail`` as it is sent. Some five queries."""
    inquiry, reply = mail.inquiry, mail.reply
    desk = inquiry.officer or site.contact
    promised = inquiry.points.filter(answered_at=None).exclude(promised_for=None)
    with translation.override(reply.language):
        context = {
            "inquiry": inquiry,
            "reply": reply,
            "officer": reply.author.get_full_name() if reply.author else "",
            "desk": desk,
            "organisation": translated(desk, "organisation").value if desk else "",
            "site_name": translated(site, "name").value,
            "promised": [(point.text, local_date(point.promised_for)) for point in promised],
            "link": absolute(status_address(inquiry)),
        }
        body = render_to_string("inquiries/mail/reply.txt", context)
    subject = reply.subject
    if inquiry.reference not in subject:
        subject = f"{subject} [{inquiry.reference}]"
    headers = {"Message-ID": mail.message_id, "Content-Language": reply.language}
    if earlier := earlier_message_ids(mail):
        headers["In-Reply-To"] = earlier[-1]
        headers["References"] = " ".join(earlier)
    return EmailMessage(
        subject=" ".join(subject.split()),
        body=body,
        to=[mail.recipient],
        reply_to=answer_address(desk),
        headers=headers,
        connection=connection,
    )


def answer_address(desk: Contact | None) -> list[str]:
    """Where an answer goes: the mailbox that the portal reads, else the desk's own."""
    address = settings.INBOUND_EMAIL or (desk.email if desk else "")
    return [address] if address else []


def earlier_message_ids(mail: OutgoingMail) -> list[str]:
    """The thread before ``mail``, oldest first: receipt, replies, answers. Two queries."""
    written = OutgoingMail.objects.filter(
        inquiry=mail.inquiry_id, kind__in=TO_INQUIRER, queued_at__lt=mail.queued_at
    ).exclude(pk=mail.pk)
    came = InboundMail.objects.filter(
        inquiry=mail.inquiry_id, source=InboundMail.Source.IMAP, received_at__lt=mail.queued_at
    )
    found = [*written.values_list("queued_at", "message_id")]
    found += [(at, key) for at, key in came.values_list("received_at", "message_id")]
    ids = [key for _at, key in sorted(found)]
    return ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[-MOST_REFERENCES + 1 :]]
