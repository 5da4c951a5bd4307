"""The mailbox in which answers arrive, read by IMAP.

A mail is marked as read only when it is stored for good. Killed in between, the next look finds
it again, and its Message-ID keeps it from being filed twice. Nothing is deleted or moved.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from inquiries.inbound import receive
from inquiries.received_mail import ReceivedMail, read_mail

logger = logging.getLogger(__name__)

MOST_MAILS = 50
MOST_BYTES = 25 * 1024 * 1024
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxError(Exception):
    """The mailbox cannot be read; the text names no user and no password."""


@contextmanager
def open_mailbox(access: dict[str, Any]) -> Iterator[imaplib.IMAP4]:
    """A connection with the folder selected; logged out at the end."""
    options = {"host": access["host"], "port": access["port"], "timeout": settings.EMAIL_TIMEOUT}
    context = ssl.create_default_context()
    try:
        if access["encryption"] == "ssl":
            connection = imaplib.IMAP4_SSL(ssl_context=context, **options)
        else:
            connection = imaplib.IMAP4(**options)
            if access["encryption"] == "tls":
                connection.starttls(context)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxError(f"no connection: {type(error).__name__}") from error
    try:
        try:
            connection.login(access["user"], access["password"])
            answer, _data = connection.select(_quoted(access["folder"]))
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(f"login refused: {type(error).__name__}") from None
        if answer != "OK":
            raise MailboxError("there is no such folder")
        yield connection
    finally:
        try:
            connection.logout()
        except (OSError, imaplib.IMAP4.error):
            logger.info("The mailbox hung up first.")


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def poll(access: dict[str, Any] | None = None) -> Counter[str]:
    """Store what is new: how many were ``filed``, ``unfiled``, ``known`` and ``failed``.

    Raises ``MailboxError`` if the mailbox cannot be read. One bad mail does not stop the others.
    """
    counts: Counter[str] = Counter()
    with open_mailbox(access or settings.IMAP) as connection:
        try:
            for uid in _unseen(connection)[:MOST_MAILS]:
                counts[_take(connection, uid)] += 1
        except (OSError, imaplib.IMAP4.error) as error:
            raise MailboxError(f"hung up: {type(error).__name__}") from error
    return counts


def _unseen(connection: imaplib.IMAP4) -> list[bytes]:
    _answer, data = connection.uid("SEARCH", None, "UNSEEN")
    return data[0].split() if data and data[0] else []


def _take(connection: imaplib.IMAP4, uid: bytes) -> str:
    """Store one mail, then mark it as read."""
    mail = _fetch(connection, uid)
    try:
        stored = receive(mail)
    except Exception as error:
        # The text of an error may hold what somebody wrote.
        logger.error("A received mail could not be stored: %s", type(error).__name__)
        return "failed"
    connection.uid("STORE", uid.decode(), "+FLAGS", r"(\Seen)")
    if stored is None:
        return "known"
    return "filed" if stored.inquiry_id else "unfiled"


def _fetch(connection: imaplib.IMAP4, uid: bytes) -> ReceivedMail:
    """The mail, left unread; of one that is too large only its head."""
    number = uid.decode()
    _answer, data = connection.uid("FETCH", number, "(RFC822.SIZE)")
    line = next((part for part in data if isinstance(part, bytes)), b"")
    found = SIZE.search(line)
    is_large = found is not None and int(found[1]) > MOST_BYTES
    wanted = "BODY.PEEK[HEADER]" if is_large else "BODY.PEEK[]"
    _answer, data = connection.uid("FETCH", number, f"({wanted})")
    mail = read_mail(next((part[1] for part in data if isinstance(part, tuple)), b""))
    if not is_large:
        return mail
    words = _("This mail is too large to be read here. Look at it in the mailbox.")
    return ReceivedMail(
        mail.message_id, mail.sender, mail.subject, words, mail.references, mail.is_automatic
    )
