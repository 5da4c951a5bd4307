"""Reading a mail that somebody sent: who, about what, the words, nothing that could run.

A broken mail never stops the mailbox: what cannot be read is said in its place.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from html import unescape

import nh3
from django.utils.translation import gettext as _

MOST_WORDS = 20_000
MOST_ATTACHMENTS = 10
MOST_REFERENCES = 50
#: Characters of an HTML mail that are looked at; its words are far fewer.
MOST_HTML = 100_000
#: Elements that begin a line, and those whose content nobody sees.
BREAKS = {"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table"}
HIDDEN = {"script", "style", "head", "title", "template"}
LINE_BREAK = re.compile(r"</?[a-z0-9]+>")
SPACE = re.compile(r"\s+")
MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f]{3,250}>")
#: Never in a database, never in a name: what PostgreSQL refuses and what hides text.
NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
#: Headers by which programs say that no person wrote this.
AUTOMATIC_PRECEDENCE = {"bulk", "junk", "list", "auto_reply"}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ReceivedMail:
    """What is kept of a mail."""

    message_id: str
    sender: str
    subject: str
    text: str
    #: Message-IDs of the mails that this one answers, the nearest first.
    references: tuple[str, ...] = ()
    #: Written by a program: an absence note, a report of a failed delivery.
    is_automatic: bool = False
    attachments: list[Attachment] = field(default_factory=list)


def read_mail(raw: bytes) -> ReceivedMail:
    """Everything that is kept of ``raw``; never raises."""
    try:
        return _read(email.message_from_bytes(raw, policy=email.policy.default), raw)
    except Exception:  # the parser of the standard library has many ways to give up
        words = _("This mail could not be read. Look at it in the mailbox.")
        return ReceivedMail(_made_up_id(raw), "", "", words, is_automatic=True)


def _read(message: EmailMessage, raw: bytes) -> ReceivedMail:
    found = MESSAGE_ID.search(str(message.get("Message-ID", "")))
    nearest = MESSAGE_ID.findall(str(message.get("In-Reply-To", "")))
    thread = MESSAGE_ID.findall(str(message.get("References", "")))
    references = dict.fromkeys([*nearest, *reversed(thread)])
    sender = parseaddr(str(message.get("From", "")))[1]
    return ReceivedMail(
        message_id=found[0] if found else _made_up_id(raw),
        sender=clean(sender)[:254],
        subject=" ".join(clean(str(message.get("Subject", ""))).split())[:200],
        text=clean(_words(message)).strip()[:MOST_WORDS],
        references=tuple(references)[:MOST_REFERENCES],
        is_automatic=_is_automatic(message),
        attachments=_attachments(message),
    )


def _made_up_id(raw: bytes) -> str:
    """The same for the same mail."""
    return f"<{hashlib.sha256(raw).hexdigest()}@without.message.id>"


def _is_automatic(message: EmailMessage) -> bool:
    submitted = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        submitted != "no"
        or precedence in AUTOMATIC_PRECEDENCE
        or str(message.get("Return-Path", "")).strip() == "<>"
        or message.get_content_type() == "multipart/report"
        or bool(message.get("X-Autoreply"))
    )


def _words(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    text = _decoded(body)
    return text_of_html(text) if body.get_content_type() == "text/html" else text


def _decoded(part: EmailMessage) -> str:
    """The text in whatever character set it claims; Chinese mails often claim a wrong one."""
    content = part.get_payload(decode=True) or b""
    claimed = str(part.get_content_charset() or "utf-8").lower()
    # GB18030 reads all that GB2312 and GBK do, and what mail programs send under their names.
    if claimed in {"gb2312", "gbk", "x-gbk"}:
        claimed = "gb18030"
    for charset in (claimed, "utf-8", "gb18030"):
        try:
            return content.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("utf-8", "replace")


def _attachments(message: EmailMessage) -> list[Attachment]:
    found: list[Attachment] = []
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and len(found) < MOST_ATTACHMENTS:
            found.append(Attachment(clean(part.get_filename() or _("without a name")), content))
    return found


def clean(text: str) -> str:
    """Without characters that no text has, and without halves of characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return NOT_TEXT.sub("", whole.replace("\r\n", "\n").replace("\r", "\n"))


def text_of_html(html: str) -> str:
    """The words of an HTML mail with their line breaks.

    nh3 reads broken HTML as browsers do and in one go; the parser of the standard library takes
    seconds for 40 kB of opened comments.
    """
    kept = nh3.clean(
        html[:MOST_HTML], tags=BREAKS, attributes={}, clean_content_tags=HIDDEN, link_rel=None
    )
    lines = LINE_BREAK.sub(_line_break, SPACE.sub(" ", kept)).splitlines()
    text = "\n".join(SPACE.sub(" ", unescape(line)).strip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"\n+- ", "\n- ", text)).strip()


def _line_break(tag: re.Match[str]) -> str:
    return {"<li>": "\n- ", "</li>": ""}.get(tag[0], "\n")
