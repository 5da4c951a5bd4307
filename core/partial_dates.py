"""Dates of which a source may name only the year, or the year and month.

Stored as the ISO prefix ("2012", "2012-10", "2012-10-27"), so the database sorts them as Python
does: a year comes before its months, a month before its days.
"""

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Any, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.languages import current_language

ISO_PREFIX = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
INVALID_MESSAGE = _("Write a year (2012), a month (2012-10) or a day (2012-10-27).")
ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
ENGLISH_SHORT_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month or a day. Raises ``ValueError`` for one that is not in the calendar."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("A day needs a month.")
        datetime.date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an ISO prefix; raises ``ValueError`` for anything else."""
        match = ISO_PREFIX.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"Not a year, month or day: {text!r}")
        return cls(*(int(part) if part else None for part in match.groups()))

    @classmethod
    def from_date(cls, day: datetime.date) -> Self:
        """The same day, with all three parts."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        parts = [f"{self.year:04}"]
        parts += [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self._sort_key() < other._sort_key()

    def _sort_key(self) -> tuple[int, int, int]:
        return (self.year, self.month or 0, self.day or 0)

    def first_day(self) -> datetime.date:
        """The earliest day it can mean."""
        return datetime.date(self.year, self.month or 1, self.day or 1)

    def last_day(self) -> datetime.date:
        """The latest day it can mean."""
        month = self.month or 12
        day = self.day or calendar.monthrange(self.year, month)[1]
        return datetime.date(self.year, month, day)

    def display(self, language: str | None = None, *, short: bool = False) -> str:
        """ "27 October 2012" or "2012年10月27日"; ``short`` abbreviates English months."""
        if (language or current_language()) != "en":
            month = f"{self.month}月" if self.month else ""
            day = f"{self.day}日" if self.day else ""
            return f"{self.year}年{month}{day}"
        words = [str(self.year)]
        if self.month:
            names = ENGLISH_SHORT_MONTHS if short else ENGLISH_MONTHS
            words.insert(0, names[self.month - 1])
        if self.day:
            words.insert(0, str(self.day))
        return " ".join(words)


def to_partial_date(value: Any) -> PartialDate | None:
    """A ``PartialDate`` from what forms, files and the database hold; nothing becomes None.

    Raises ``ValidationError`` with the words an editor sees.
    """
    if value is None or isinstance(value, PartialDate):
        return value
    if isinstance(value, datetime.date):
        return PartialDate.from_date(value)
    text = str(value).strip()
    if not text:
        return None
    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise ValidationError(INVALID_MESSAGE, code="invalid") from error


class PartialDateFormField(forms.Field):
    """A text box for a year, a month or a day; cleans to a ``PartialDate`` or None."""

    widget = forms.TextInput
    default_error_messages = {"invalid": INVALID_MESSAGE}

    def to_python(self, value: Any) -> PartialDate | None:
        try:
            return to_partial_date(value)
        except ValidationError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, PartialDate) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"maxlength": "10", "placeholder": "2012-10-27", "autocomplete": "off"}

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


class PartialDateField(models.Field):
    """Column for a ``PartialDate``; the Python value is one, or None when nothing is stated.

    Nothing is stored as NULL if the field allows it, else as an empty string. Look-ups compare
    ISO prefixes as text: ``date__startswith="2012"`` finds the whole year.
    """

    description = _("Date of which month and day may be unknown")
    empty_strings_allowed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return PartialDate.parse(value) if value else None

    def to_python(self, value: Any) -> PartialDate | None:
        return to_partial_date(value)

    def get_prep_value(self, value: Any) -> str | None:
        value = super().get_prep_value(value)
        moment = to_partial_date(value)
        if moment is None:
            return None if self.null else ""
        return str(moment)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> forms.Field:
        return super().formfield(**{"form_class": PartialDateFormField, **kwargs})
