"""Everything outside: Redis, mail server, mailbox, virus scanner."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.core.mail import get_connection

from inquiries.mail import error_kind
from inquiries.mailbox import MailboxError, open_mailbox
from operation.doctor.finding import Finding, fail, ok, warn

SMTP = "django.core.mail.backends.smtp.EmailBackend"
SCANNER_SECONDS = 3


def look_at_cache() -> Iterator[Finding]:
    """Redis, or memory."""
    is_reachable = getattr(caches["default"], "is_reachable", None)
    if is_reachable is None:
        yield ok("Cache: memory of each process.")
    elif is_reachable():
        yield ok("Cache: Redis answers.")
    else:
        yield warn(
            "Cache: Redis does not answer; memory stands in.",
            "Is the server running, and does CACHE_URL name it?",
        )


def look_at_mail() -> Iterator[Finding]:
    """Connects and logs in; sends nothing."""
    is_production = settings.DEPLOYMENT == "production"
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost") and not is_production:
        # In production the settings' own check says so.
        yield warn(
            f"Mail: it would come from {settings.DEFAULT_FROM_EMAIL}.",
            "Set DEFAULT_FROM_EMAIL to an address of the bureau that is read.",
        )
    if settings.EMAIL_BACKEND != SMTP:
        say = fail if is_production else warn
        yield say(
            "Mail: it is written down here and never sent.",
            "Set EMAIL_URL to a mail server, then send yourself an inquiry.",
        )
        return
    try:
        with get_connection(timeout=settings.EMAIL_TIMEOUT):
            yield ok("Mail: the server lets the portal in.")
    except Exception as error:
        yield fail(
            f"Mail: the server cannot be used ({error_kind(error)}).",
            "Look at host, port, user and password in EMAIL_URL, and at the firewall.",
        )


def look_at_mailbox() -> Iterator[Finding]:
    """Only if there is one."""
    if not settings.IMAP:
        return
    try:
        with open_mailbox(settings.IMAP):
            yield ok("Mailbox: answers of inquirers can be read.")
    except MailboxError as error:
        yield fail(f"Mailbox: {error}.", "Look at IMAP_URL; until then paste answers in.")


def look_at_scanner() -> Iterator[Finding]:
    """Only if there is one: it answers PONG to a PING."""
    if not settings.CLAMD_URL:
        return
    try:
        with closing(_scanner()) as connection:
            connection.settimeout(SCANNER_SECONDS)
            connection.sendall(b"zPING\0")
            answer = connection.recv(16)
    except OSError:
        answer = b""
    if answer.startswith(b"PONG"):
        yield ok("Virus scanner: it answers.")
    else:
        yield fail(
            "Virus scanner: it does not answer; files are kept as not scanned.",
            "Is clamd running, and does CLAMD_URL name it?",
        )


def _scanner() -> socket.socket:
    address = urlsplit(settings.CLAMD_URL)
    if address.scheme != "unix":
        return socket.create_connection((address.hostname, address.port), SCANNER_SECONDS)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(SCANNER_SECONDS)
        connection.connect(address.path)
    except OSError:
        connection.close()
        raise
    return connection
