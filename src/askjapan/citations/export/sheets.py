"""Writes rows as CSV and XLSX whose cells no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from askjapan.citations.export.printable import printable

Cell = str | int | float | None
_FORMULA = re.compile(r"[=+\-@\t\r]|[＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*%?")
LONGEST_CELL = 32_767  # characters; what is longer, spreadsheets take for damage
_WIDEST = 60  # characters of a column
_BOM = "\ufeff"


def to_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """CSV as RFC 4180 has it, with a byte order mark, by which spreadsheets know UTF-8; a cell like a formula begins with an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(map(_plain, header))
    writer.writerows(map(_plain, row) for row in rows)
    return _BOM + file.getvalue()


def _plain(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    return f"'{cell}" if _FORMULA.match(cell.lstrip(" ")) and not _NUMBER.fullmatch(cell) else cell


def to_xlsx(name: str, header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The bytes of a workbook of one sheet; header and first column stay in sight, and no text is taken for a formula."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\\/*?:\[\]]", " ", name)[:31]
    for line, row in enumerate([header, *rows], start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(line, column)
            if isinstance(value, str):
                cell.value = printable(value)[:LONGEST_CELL]
                # openpyxl takes what begins with "=" for a formula.
                cell.data_type = "s"
                cell.quotePrefix = bool(_FORMULA.match(value))
            else:
                cell.value = value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=line == 1)
    for column in range(1, len(header) + 1):
        longest = max(len(str(row[column - 1] or "")) for row in [header, *rows])
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, longest + 2)
    sheet.freeze_panes = "B2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
