"""Inquiries from a list: a CSV file with one inquiry a line, read whole or not at all.

The columns are documented on the page that reads them (``COLUMNS``). A line that is stored already,
or stands twice in the file, is left out, so the same file can be read again.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.models import SiteSettings
from inquiries import by_hand, ownership
from inquiries.choices import Channel, InvestmentBand, Kind, Role, Start, Subject
from inquiries.models import Inquiry
from parks.models import Industry, Park

MOST_BYTES = 1_000_000
MOST_ROWS = 1000
ENCODINGS = ("utf-8-sig", "gb18030")
MOMENTS = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y/%m/%d %H:%M")
#: Errors that are said one by one.
ERRORS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the first line, the field, and what it may hold."""

    name: str
    field: str
    help: Any
    is_needed: bool = False
    choices: type[models.TextChoices] | None = None


COLUMNS = (
    Column("received", "created_at", gettext_lazy("2026-11-24 or 2026-11-24 09:30"), True),
    Column("name", "name", gettext_lazy("who asked"), True),
    Column("message", "message", gettext_lazy("what was asked"), True),
    Column("kind", "kind", gettext_lazy("if empty: investor"), choices=Kind),
    Column("channel", "channel", gettext_lazy("if empty: import"), choices=Channel),
    Column("subject", "subject", gettext_lazy("if empty: invest"), choices=Subject),
    Column("language", "language", gettext_lazy("en, zh-hans or zh-hant; if empty: zh-hans")),
    Column("organisation", "organisation", ""),
    Column("email", "email", ""),
    Column("telephone", "phone", ""),
    Column("country", "country", gettext_lazy("two letters: CN, DE, US")),
    Column("role", "role", "", choices=Role),
    Column("park", "park", gettext_lazy("name in the address of its page")),
    Column("industry", "industry", gettext_lazy("name in the address of its page")),
    Column("investment", "investment_band", "", choices=InvestmentBand),
    Column("land_m2", "land_needed", gettext_lazy("square metres")),
    Column("start", "start", "", choices=Start),
)
DEFAULTS = {"kind": "investor", "channel": "import", "subject": "invest", "language": "zh-hans"}


@dataclass(frozen=True, slots=True)
class Mistake:
    """Where and why the file cannot be read."""

    row: int
    column: str
    words: str


@dataclass(slots=True)
class Reading:
    """What a file holds; nothing of it is stored."""

    inquiries: list[Inquiry] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    #: Lines that are stored already or stand twice in the file.
    known: int = 0

    @property
    def is_good(self) -> bool:
        return not self.mistakes

    @property
    def late(self) -> int:
        """How many would be overdue as soon as they are stored."""
        return sum(inquiry.is_overdue() for inquiry in self.inquiries)


def decoded(content: bytes) -> str | None:
    """Text in UTF-8, else in GB18030 (what Excel in Chinese saves); None: neither."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def read(text: str) -> Reading:
    """All lines, checked. Four queries, however many lines there are."""
    reading = Reading()
    lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [(name or "").strip().lower() for name in lines.fieldnames or []]
        lines.fieldnames = header
        reading.mistakes += _mistakes_of(header)
        if reading.mistakes:
            return reading
        _read_lines(lines, reading)
    except csv.Error:
        words = _("From here on this is no CSV: a quotation mark may be open.")
        reading.mistakes.append(Mistake(lines.reader.line_num, "", words))
    return reading


def _mistakes_of(header: list[str]) -> Iterator[Mistake]:
    """What is wrong with the first line."""
    names = [column.name for column in COLUMNS]
    for column in COLUMNS:
        if column.is_needed and column.name not in header:
            yield Mistake(1, column.name, _("This column is missing."))
    for name in dict.fromkeys(header):
        if name not in names:
            yield Mistake(1, name, _("No column has this name."))
        elif header.count(name) > 1:
            yield Mistake(1, name, _("This column is there twice."))


def _read_lines(lines: csv.DictReader, reading: Reading) -> None:
    parser = _Parser()
    days = SiteSettings.current().response_days
    found: list[Inquiry] = []
    for number, line in enumerate(lines, start=2):
        if len(found) >= MOST_ROWS:
            reading.mistakes.append(Mistake(number, "", _("The file has too many lines.")))
            return
        if None in line:
            words = _("This line has more cells than the first.")
            reading.mistakes.append(Mistake(number, "", words))
            continue
        if not any((value or "").strip() for value in line.values()):
            continue
        inquiry, mistakes = parser.inquiry(number, line)
        reading.mistakes += mistakes
        if not mistakes:
            found.append(by_hand.prepare(inquiry, days))
    digests = {inquiry.content_digest for inquiry in found}
    known = set(
        Inquiry.objects.filter(content_digest__in=digests).values_list("content_digest", flat=True)
    )
    for inquiry in found:
        if inquiry.content_digest in known:
            reading.known += 1
        else:
            known.add(inquiry.content_digest)
            reading.inquiries.append(inquiry)


class _Parser:
    """Cells into values, with the parks and industries of the portal at hand."""

    def __init__(self) -> None:
        self.parks = {park.slug: park for park in Park.objects.select_related("officer")}
        self.industries = {industry.slug: industry for industry in Industry.objects.all()}

    def inquiry(self, number: int, line: dict[str, str]) -> tuple[Inquiry, list[Mistake]]:
        values: dict[str, Any] = {}
        mistakes = []
        unread = set()
        for column in COLUMNS:
            text = (line.get(column.name) or "").strip() or DEFAULTS.get(column.name, "")
            try:
                values[column.field] = self._value(column, text)
            except ValidationError as error:
                mistakes.append(Mistake(number, column.name, " ".join(error.messages)))
                unread.add(column.field)
        inquiry = Inquiry(**values)
        names = {column.field: column.name for column in COLUMNS}
        # All mistakes of a line at once: nobody mends a file column by column.
        others = {f.name for f in Inquiry._meta.fields if f.name not in names}
        try:
            inquiry.clean_fields(exclude=others | unread)
        except ValidationError as error:
            mistakes += [
                Mistake(number, names[name], " ".join(words))
                for name, words in error.message_dict.items()
            ]
        return inquiry, mistakes

    def _value(self, column: Column, text: str) -> Any:
        if not text:
            if column.is_needed:
                raise ValidationError(_("This must not be empty."))
            return None if column.field in {"park", "industry", "land_needed"} else ""
        if column.choices:
            return _choice(column.choices.choices, text)
        if column.field == "language":
            return _choice(settings.LANGUAGES, text.lower())
        if column.field in {"park", "industry"}:
            records = self.parks if column.field == "park" else self.industries
            if text not in records:
                raise ValidationError(_("The portal does not have “%s”.") % text)
            return records[text]
        if column.field == "created_at":
            return _moment(text)
        if column.field == "land_needed":
            return _number(text)
        return text.upper() if column.field == "country" else text


def _choice(choices: Any, text: str) -> str:
    """A code, or its words in the language of the desk."""
    for code, words in choices:
        if text in {code, str(words)}:
            return str(code)
    codes = ", ".join(str(code) for code, _words in choices)
    raise ValidationError(_("“%(text)s” is none of: %(codes)s.") % {"text": text, "codes": codes})


def _moment(text: str) -> datetime:
    for form in MOMENTS:
        try:
            moment = timezone.make_aware(datetime.strptime(text, form))
        except ValueError:
            continue
        if moment.year < 1900:
            break
        if moment > timezone.now():
            raise ValidationError(_("This lies in the future."))
        return moment
    raise ValidationError(_("“%s” is no date like 2026-11-24 or 2026-11-24 09:30.") % text)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation as error:
        raise ValidationError(_("“%s” is no number.") % text) from error
    if not number.is_finite():
        raise ValidationError(_("“%s” is no number.") % text)
    return number


@transaction.atomic
def store(text: str, actor: Any) -> Reading:
    """Read the file once more and store what is new: all of it, or nothing on a mistake."""
    reading = read(text)
    if reading.is_good:
        for inquiry in reading.inquiries:
            by_hand.record(inquiry, actor, tells=False)
        ownership.tell_owners(reading.inquiries)
    return reading
