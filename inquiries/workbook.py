"""Tables as XLSX files."""

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell


def xlsx_bytes(name: str, rows: Iterable[Iterable[str]]) -> bytes:
    """One sheet called ``name`` whose first row and column stay in sight.

    Every cell is text, so nothing is computed, rounded or taken for a date.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for cells in rows:
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
