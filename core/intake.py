"""Whether a message looks like a person's: what does not goes into quarantine, never away.

Nothing here refuses. A sender in quarantine gets the same answer as everybody, so that he learns
nothing, and a member of staff can let the message through.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re

from django.db.models import Q
from django.utils import timezone

from core.models import BlockedSender

#: As many addresses of web pages as an investor's message has at most.
MOST_LINKS = 4
LINK = re.compile(r"https?://|www\.|\[url", re.IGNORECASE)
BLANK = re.compile(r"\s+")


def assess(text: str, *, email: str = "", address: str = "") -> str:
    """Why a message belongs into quarantine: ``"blocked"``, ``"links"``; empty: it does not.

    ``address`` is what ``core.rate_limit.client_network`` returns. One query.
    """
    if is_blocked(email, address):
        return "blocked"
    if len(LINK.findall(text)) > MOST_LINKS:
        return "links"
    return ""


def is_blocked(email: str, address: str) -> bool:
    """Whether staff has blocked this address, its domain (or one above it), or its network."""
    Kind = BlockedSender.Kind
    email = email.strip().lower()
    domain = email.rpartition("@")[2]
    labels = domain.split(".")
    domains = [".".join(labels[start:]) for start in range(len(labels))]
    # No domain has an "@", so a value is of one kind only.
    blocks = BlockedSender.objects.filter(
        Q(value__in=[email, *domains]) | Q(kind=Kind.NETWORK),
        Q(expires_on=None) | Q(expires_on__gte=timezone.localdate()),
    ).order_by()
    return any(
        kind != Kind.NETWORK or _is_within(address, value)
        for kind, value in blocks.values_list("kind", "value")
    )


def _is_within(address: str, network: str) -> bool:
    """False also for what is no address, as behind a unix socket."""
    try:
        inner = ipaddress.ip_network(address, strict=False)
        outer = ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
    if inner.version != outer.version:
        return False
    return inner.network_address in outer


def content_digest(sender: str, text: str) -> str:
    """The same for the same sender and words, however they are spaced and capitalised."""
    words = BLANK.sub(" ", f"{sender}\n{text}".strip().casefold())
    return hashlib.sha256(words.encode()).hexdigest()
