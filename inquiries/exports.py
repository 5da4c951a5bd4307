"""Inquiries as a table for a spreadsheet, with formulas made harmless.

A cell that begins like a formula is run by the spreadsheet of whoever opens the file. Whatever
begins so gets an apostrophe in front, telephone numbers with a leading + among them: they stay
readable, and the spreadsheet does not add them up.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.languages import translated
from core.late_modules import LateModule
from inquiries.models import Inquiry

workbook = LateModule("inquiries.workbook")

#: Characters that no XLSX file can hold.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
#: With these a spreadsheet begins a formula, an import, or a cell of its own.
DANGEROUS = tuple("=+-@\t\r\n|%＝＋－＠")

SPACES = " \u00a0\u3000"


def neutralised(text: str) -> str:
    """``=1+1`` → ``'=1+1``, also behind leading spaces; control characters are taken out."""
    text = CONTROL.sub("", text)
    if text.lstrip(SPACES).startswith(DANGEROUS):
        return f"'{text}"
    return text


def header() -> list[str]:
    return [
        _("reference"),
        _("received"),
        _("answer due"),
        _("status"),
        _("assigned to"),
        _("what about"),
        _("park"),
        _("project"),
        _("language"),
        _("name"),
        _("e-mail"),
        _("country/region"),
        _("organisation"),
        _("telephone"),
        _("industry"),
        _("planned investment"),
        _("land needed (m²)"),
        _("planned start"),
        _("message"),
        _("consent text"),
        _("kind"),
        _("how it came"),
    ]


def rows(inquiries: QuerySet) -> Iterator[list[str]]:
    """Cells of each inquiry in the order of ``header``, made harmless. One query for all."""
    queryset = inquiries.select_related("park", "project", "industry", "assigned_to")
    for inquiry in queryset:
        yield [neutralised(cell) for cell in _cells(inquiry)]


def _cells(inquiry: Inquiry) -> list[str]:
    def moment(value: object) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"

    def name(record: object) -> str:
        return translated(record, "name").value if record else ""

    return [
        inquiry.reference,
        moment(inquiry.created_at),
        moment(inquiry.due_at),
        str(inquiry.get_status_display()),
        str(inquiry.assigned_to or ""),
        str(inquiry.get_subject_display()),
        name(inquiry.park),
        name(inquiry.project),
        str(inquiry.get_language_display()),
        inquiry.name,
        inquiry.email,
        str(inquiry.country.name),
        inquiry.organisation,
        inquiry.phone,
        name(inquiry.industry),
        str(inquiry.get_investment_band_display()),
        "" if inquiry.land_needed is None else f"{inquiry.land_needed:.2f}",
        str(inquiry.get_start_display()),
        inquiry.message,
        f"{inquiry.consent_version} ({inquiry.consent_language})" if inquiry.consent_at else "",
        str(inquiry.get_kind_display()),
        str(inquiry.get_channel_display()),
    ]


def as_csv(table: Iterable[list[str]], titles: list[str] | None = None) -> bytes:
    """UTF-8 with a mark at the start, without which Excel takes Chinese for another code."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(titles or header())
    writer.writerows(table)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(table: Iterable[list[str]], titles: list[str] | None = None) -> bytes:
    """The same as an XLSX file, every cell as text."""
    return workbook.xlsx_bytes(_("Inquiries"), [titles or header(), *table])
