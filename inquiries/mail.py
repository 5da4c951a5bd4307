"""The mails about an inquiry: what they say, to whom, and how they are sent in the end.

Nothing here runs while a visitor waits, except writing the rows of ``queue_mails``. A mail that
cannot be sent is tried again with growing pauses for three days; then it is given up loudly: an
error in the log, an event at the inquiry, and a state that the desk sees.
"""

from __future__ import annotations

import logging
import random
import smtplib
import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.languages import LANGUAGE_CODES, current_language, translated
from core.models import Contact, SiteSettings
from inquiries.models import Inquiry, InquiryEvent, OutgoingMail
from inquiries.presentation import details, local_day
from inquiries.reply_mail import answer_address, reply_message
from inquiries.status_page import status_address
from publishing.pages import absolute

logger = logging.getLogger(__name__)

#: Longer than one attempt can last: some ten answers of a server, EMAIL_TIMEOUT seconds each.
LEASE = timedelta(minutes=3)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)

#: In which languages a desk is written to that has not said which it reads.
DESK_LANGUAGES = ("zh-hans", "en")

#: Makes subject, text, language and "Reply-To" of a mail.
Builder = Callable[..., tuple[str, str, str, list[str]]]

NEW_INQUIRY = gettext_lazy("New inquiry")
SOMETHING_NEW = gettext_lazy("The inquirer has added something:")
YOURS = gettext_lazy("Yours to answer:")
SEVERAL = gettext_lazy("Several inquiries are yours to answer")
STILL_WAITING = gettext_lazy("Still waits for a reply:")
LATE = gettext_lazy("Late:")


# --- queueing


def queue_mails(inquiry: Inquiry, desk: Contact | None) -> list[OutgoingMail]:
    """Write down receipt and notice; call it in the transaction of the inquiry. One query."""
    recipients = [(OutgoingMail.Kind.RECEIPT, inquiry.email)] if inquiry.email else []
    if desk is not None and desk.email:
        recipients.append((OutgoingMail.Kind.NOTICE, desk.email))
    else:
        logger.error("No desk has an e-mail address: nobody is told of %s", inquiry.reference)
    return OutgoingMail.objects.bulk_create(
        OutgoingMail(inquiry=inquiry, kind=kind, recipient=recipient, message_id=new_message_id())
        for kind, recipient in recipients
    )


def new_message_id() -> str:
    """``<random@host>`` with the portal's own host name."""
    return f"<{uuid.uuid4().hex}@{urlsplit(settings.PUBLIC_URL).hostname}>"


# --- sending


def deliver(pk: int, connection: BaseEmailBackend | None = None) -> bool:
    """Send one mail if it is due and no other worker has it in hand.

    Returns False if the mail server could not be reached, so that the caller can leave the others
    for later. Killed between the server's "accepted" and the row, the mail goes out once more,
    with the same Message-ID.
    """
    mail = _lease(pk)
    if mail is None:
        return True
    try:
        message_for(mail, connection or get_connection()).send()
    except Exception as error:
        _failed(mail, error)
        return not is_server_away(error)
    with transaction.atomic():
        OutgoingMail.objects.filter(pk=mail.pk).update(
            status=OutgoingMail.Status.SENT,
            sent_at=timezone.now(),
            leased_until=None,
            last_error="",
        )
        if mail.kind == OutgoingMail.Kind.RECEIPT:
            unknown = Inquiry.objects.filter(pk=mail.inquiry_id, acknowledged_at=None)
            unknown.update(acknowledged_at=timezone.now())
        _note(mail, InquiryEvent.Kind.MAIL_SENT)
    return True


def deliver_due() -> int:
    """Send everything that is due; stop at the first sign that the mail server is away.

    Returns the number of mails looked at. The one that failed waits; the others stay due.
    """
    pks = list(OutgoingMail.objects.due().order_by("next_attempt_at").values_list("pk", flat=True))
    for count, pk in enumerate(pks, start=1):
        if not deliver(pk):
            return count
    return len(pks)


def _lease(pk: int) -> OutgoingMail | None:
    """Take the mail in hand for a few minutes; None if it is not due or another worker has it.

    One UPDATE, so that of two workers exactly one gets it.
    """
    now = timezone.now()
    taken = (
        OutgoingMail.objects.due(now)
        .filter(pk=pk)
        .update(leased_until=now + LEASE, attempts=F("attempts") + 1)
    )
    if not taken:
        return None
    return OutgoingMail.objects.select_related(
        "inquiry__park",
        "inquiry__project",
        "inquiry__industry",
        "inquiry__officer",
        "reply__author",
    ).get(pk=pk)


def _failed(mail: OutgoingMail, error: Exception) -> None:
    """Plan the next attempt, or give up. Notes the kind of error: its text may hold addresses."""
    now = timezone.now()
    kind = error_kind(error)
    gives_up = is_permanent(error) or now - mail.queued_at >= GIVE_UP_AFTER
    changes = {"leased_until": None, "last_error": kind}
    if gives_up:
        changes["status"] = OutgoingMail.Status.FAILED
        logger.error(
            "Mail %s (%s of %s) is given up after %s attempts: %s",
            *(mail.pk, mail.kind, mail.inquiry.reference, mail.attempts, kind),
        )
        _note(mail, InquiryEvent.Kind.MAIL_FAILED, kind)
    else:
        changes["next_attempt_at"] = now + pause_after(mail.attempts)
        logger.warning("Mail %s is tried again later: %s", mail.pk, kind)
    OutgoingMail.objects.filter(pk=mail.pk).update(**changes)


def pause_after(attempts: int) -> timedelta:
    """30 s, 1 min, 2 min … 1 h, each up to a fifth longer, so that not all come back at once."""
    pause = min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
    return pause * (1 + random.random() / 5)  # noqa: S311


def error_kind(error: Exception) -> str:
    """``"SMTPDataError 554"``: class and code, never the text."""
    code = getattr(error, "smtp_code", "") or _recipient_code(error) or ""
    return f"{type(error).__name__} {code}".strip()


def is_server_away(error: Exception) -> bool:
    """Whether the next mail would fail in the same way: no answer, or no entrance."""
    about_this_mail = (
        smtplib.SMTPRecipientsRefused,
        smtplib.SMTPSenderRefused,
        smtplib.SMTPDataError,
        smtplib.SMTPNotSupportedError,
    )
    return isinstance(error, OSError) and not isinstance(error, about_this_mail)


def is_permanent(error: Exception) -> bool:
    """Whether the server said that this recipient will never be accepted."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and _recipient_code(error) >= 500


def _recipient_code(error: Exception) -> int:
    answers = getattr(error, "recipients", None)
    return next((code for code, _text in answers.values()), 0) if isinstance(answers, dict) else 0


def _note(mail: OutgoingMail, kind: InquiryEvent.Kind, text: str = "") -> None:
    words = f"{mail.kind} {text}".strip()
    InquiryEvent.objects.create(inquiry_id=mail.inquiry_id, kind=kind, text=words)


# --- what they say


def message_for(mail: OutgoingMail, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The mail as it is sent. No header holds anything that a visitor wrote but the address."""
    site = SiteSettings.current()
    if mail.kind == OutgoingMail.Kind.REPLY:
        return reply_message(mail, site, connection)
    builders: dict[str, Builder] = {
        OutgoingMail.Kind.RECEIPT: _receipt,
        OutgoingMail.Kind.UPDATE: partial(_notice, template="update", title=SOMETHING_NEW),
        OutgoingMail.Kind.ASSIGNED: partial(_notice, template="assigned", title=YOURS),
        OutgoingMail.Kind.DIGEST: partial(_digest, recipient=mail.recipient),
        OutgoingMail.Kind.REMINDER: partial(_notice, template="reminder", title=STILL_WAITING),
        OutgoingMail.Kind.ESCALATION: partial(_notice, template="escalation", title=LATE),
    }
    build = builders.get(mail.kind, _notice)
    subject, body, language, reply_to = build(mail.inquiry, site)
    return EmailMessage(
        subject=subject,
        body=body,
        to=[mail.recipient],
        reply_to=reply_to,
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": language,
        },
        connection=connection,
    )


def _receipt(inquiry: Inquiry, site: SiteSettings) -> tuple[str, str, str, list[str]]:
    desk = inquiry.officer or site.contact
    with translation.override(inquiry.language):
        subject = _("We have your inquiry: %(reference)s") % {"reference": inquiry.reference}
        context = {
            "inquiry": inquiry,
            "site_name": translated(site, "name").value,
            "details": details(inquiry),
            "due": local_day(inquiry.due_at),
            "desk": desk,
            "desk_name": desk_name(desk),
            "link": absolute(status_address(inquiry)),
        }
        body = render_to_string("inquiries/mail/receipt.txt", context)
    return subject, body, inquiry.language, answer_address(desk)


def _notice(
    inquiry: Inquiry, site: SiteSettings, template: str = "notice", title: Any = NEW_INQUIRY
) -> tuple[str, str, str, list[str]]:
    """Reference, deadline and a link to log in with: nothing that a wrong reader could use."""
    link = absolute(reverse("admin:inquiries_inquiry_change", args=[inquiry.pk]))
    context = {"inquiry": inquiry, "due_at": inquiry.due_at, "link": link}
    languages = desk_languages(inquiry.officer or site.contact)
    subject, body = _in_each(languages, title, template, context)
    return f"{subject} {inquiry.reference}", body, ", ".join(languages), []


def _digest(
    inquiry: Inquiry, site: SiteSettings, *, recipient: str
) -> tuple[str, str, str, list[str]]:
    """How many inquiries the owner has open when it is sent, and the way to the list of them."""
    mine = Inquiry.objects.open().filter(assigned_to__email=recipient)
    link = absolute(reverse("admin:inquiries_inquiry_changelist") + "?assigned=me")
    first = mine.waiting().order_by("due_at").first()
    context = {"count": mine.count(), "due_at": first.due_at if first else None, "link": link}
    languages = desk_languages(inquiry.officer or site.contact)
    return *_in_each(languages, SEVERAL, "digest", context), ", ".join(languages), []


def _in_each(
    languages: Iterable[str], title: Any, template: str, context: dict[str, Any]
) -> tuple[str, str]:
    """Subject and text of a mail to the desk, in one language after the other."""
    subjects, parts = [], []
    for language in languages:
        with translation.override(language):
            due = local_day(context["due_at"]) if context["due_at"] else ""
            words = render_to_string(f"inquiries/mail/{template}.txt", {**context, "due": due})
            parts.append(words.strip())
            subjects.append(str(title))
    return " / ".join(subjects), "\n\n---\n\n".join(parts) + "\n"


def desk_languages(desk: Contact | None) -> tuple[str, ...]:
    """In what to write to the desk: what it reads, of the portal's languages."""
    spoken = tuple(code for code in (desk.languages if desk else []) if code in LANGUAGE_CODES)
    return spoken or DESK_LANGUAGES


def desk_name(desk: Contact | None) -> str:
    """Person, desk and organisation in the active language, as far as they are known."""
    if desk is None:
        return ""
    language = current_language()
    names = (
        translated(desk, field, language).value for field in ("person", "desk", "organisation")
    )
    return ", ".join(name for name in names if name)
