"""Names in lists: in full for those who answer, initials for their colleagues."""

from __future__ import annotations

from typing import Any

from inquiries.models import Inquiry

#: So many words of a name are hinted at.
WORDS_SHOWN = 2


def knows_names(inquiry: Inquiry, user: Any) -> bool:
    """Owner, backup and chief need to know who writes. No query once permissions are read."""
    if user.pk in {inquiry.assigned_to_id, inquiry.backup_id}:
        return True
    return bool(user.has_perm("inquiries.oversee_inquiry"))


def masked(text: str) -> str:
    """``"Ada Lovelace"`` → ``"A… L…"``, ``"四会金属"`` → ``"四…"``."""
    return " ".join(f"{word[0]}…" for word in text.split()[:WORDS_SHOWN])


def title_for(inquiry: Inquiry, user: Any) -> str:
    """What a list calls the inquiry: code name, organisation, person, or initials of these."""
    if inquiry.code_name:
        return inquiry.code_name
    name = inquiry.organisation or inquiry.name
    if not name:
        return inquiry.reference
    return name if knows_names(inquiry, user) else masked(name)
