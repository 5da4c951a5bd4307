"""Inquiries as a table for a spreadsheet, with formulas made harmless.

A cell that begins like a formula is run by the spreadsheet of whoever opens the file. Whatever
begins so gets an apostrophe in front, telephone numbers with a leading + among them: they stay
readable, and the spreadsheet does not add them up.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.languages import translated
from inquiries.models import Inquiry

#: With these a spreadsheet begins a formula, an import, or a cell of its own.
DANGEROUS = tuple("=+-@\t\r\n|%＝＋－＠")

SPACES = " \u00a0\u3000"


def neutralised(text: str) -> str:
    """``=1+1`` → ``'=1+1``, also behind leading spaces; control characters are taken out."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
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
        inquiry.assigned_to.get_username() if inquiry.assigned_to else "",
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
    """Every cell is text, so nothing is computed, rounded or taken for a date."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Inquiries"))
    sheet.freeze_panes = "B2"
    for cells in [titles or header(), *table]:
        row = []
        for cell in cells:
            written = WriteOnlyCell(sheet, value=cell)
            written.data_type = "s"
            written.number_format = "@"
            row.append(written)
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
