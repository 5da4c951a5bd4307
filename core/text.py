"""Plain text that every format can carry."""

import re

#: Control characters that word processors leave behind. XML allows none of them.
CONTROL_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def printable(text: str | None) -> str:
    """``text`` without control characters; line breaks and tabs stay."""
    return CONTROL_CHARACTERS.sub("", text or "")
