"""Everything held about a person who asked, for that person: to read and to move elsewhere.

The same content twice: JSON for programs, PDF for people (``data_sheet``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.late_modules import LateModule
from inquiries import consent
from inquiries.models import Inquiry

data_sheet = LateModule("inquiries.data_sheet")

#: Of the inquiry: all but keys of the portal's own.
WITHOUT = frozenset({"id", "secret", "submission_key", "content_digest", "is_synthetic"})
WITHOUT |= {"reminded_at", "escalated_at", "duplicate_of", "code_name", "officer", "backup"}
WITHOUT |= {"follow_ups_done"}

#: What hangs on an inquiry, and which fields of it.
PARTS: dict[str, tuple[str, ...]] = {
    "consents": ("purpose", "version", "language", "given_at", "withdrawn_at"),
    "events": ("at", "kind", "text"),
    "points": ("text", "answered_at", "promised_for"),
    "replies": ("sent_at", "language", "subject", "text"),
    "inbound_mails": ("received_at", "source", "sender", "subject", "text"),
    "mails": ("kind", "recipient", "status", "queued_at", "sent_at"),
    "files": ("name", "content_type", "size", "sha256", "added_at"),
    "looks": ("at", "kind"),
    "data_requests": ("kind", "requested_at", "done_at"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One value: under which name, what it is called, as a value and in words."""

    name: str
    label: str
    value: Any
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind."""

    name: str
    title: str
    rows: list[list[Entry]] = field(default_factory=list)


def held(inquiry: Inquiry) -> list[Section]:
    """Everything in the active language. Drafts are no answer yet and stay out. Ten queries."""
    own = [name.name for name in Inquiry._meta.concrete_fields if name.name not in WITHOUT]
    sections = [Section("inquiry", str(Inquiry._meta.verbose_name), [list(_row(inquiry, own))])]
    if inquiry.consent_version:
        words = consent.consent_text(inquiry.consent_version, inquiry.consent_language)
        entry = Entry("consent_text", _("consent text"), words, words)
        sections[0].rows[0].append(entry)
    for name, fields in PARTS.items():
        records = getattr(inquiry, name).all()
        if name == "replies":
            records = records.exclude(sent_at=None)
        title = str(records.model._meta.verbose_name_plural)
        sections.append(Section(name, title, [list(_row(record, fields)) for record in records]))
    return sections


def _row(record: models.Model, fields: Iterable[str]) -> Iterable[Entry]:
    """What is filled in of ``fields``."""
    for name in fields:
        column = record._meta.get_field(name)
        value = getattr(record, name)
        if value in (None, ""):
            continue
        words = str(getattr(record, f"get_{name}_display")()) if column.choices else value
        yield Entry(name, str(column.verbose_name), value, _in_words(words))


def _in_words(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str(getattr(value, "name", value))


def as_json(inquiry: Inquiry, sections: list[Section]) -> bytes:
    """Names of fields as keys, times with their zone."""
    content = {
        section.name: [
            {entry.name: _plain(entry.value) for entry in entries} for entries in section.rows
        ]
        for section in sections
    }
    content["inquiry"] = content["inquiry"][0]
    document = {"reference": inquiry.reference, "made_at": timezone.now().isoformat(), **content}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return value if isinstance(value, bool | int) else str(getattr(value, "code", value))


def as_pdf(inquiry: Inquiry, sections: list[Section]) -> bytes:
    """The same to read: a line for each value."""
    title = _("Your data: inquiry %(reference)s") % {"reference": inquiry.reference}
    made = _("As of %(moment)s") % {"moment": _in_words(timezone.now())}
    chapters = [
        (
            _capital(section.title),
            [[f"{_capital(entry.label)}: {entry.words}" for entry in row] for row in section.rows],
        )
        for section in sections
    ]
    return data_sheet.pdf_bytes(title, made, chapters)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def export_data(inquiry: Inquiry) -> tuple[bytes, bytes]:
    """JSON and PDF of everything held, in the language of the inquiry."""
    with translation.override(inquiry.language):
        sections = held(inquiry)
        return as_json(inquiry, sections), as_pdf(inquiry, sections)
