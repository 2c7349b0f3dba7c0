"""Workbooks that we write (xlsx): lists to look at, and forms to fill in. No text ever becomes a formula or a link."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook

# Rows go out as they come; texts stay texts, whatever they begin with.
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Column:
    """A column of a list: its heading, its width in characters, and how its numbers are shown."""

    heading: str
    width: int
    number_format: str = "General"


def list_workbook(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence[str | int]], *, headings_stay: bool = False
) -> bytes:
    """One sheet of the rows, written one by one: ints are numbers, empty texts empty cells.

    With `headings_stay` they stay in sight when the sheet is scrolled.
    """
    content = io.BytesIO()
    with Workbook(content, _OPTIONS) as workbook:
        sheet = workbook.add_worksheet(title)
        bold = workbook.add_format({"bold": True})
        formats = [
            column.number_format and workbook.add_format({"num_format": column.number_format}) for column in columns
        ]
        if headings_stay:
            sheet.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, column.heading, bold)
        for row_no, row in enumerate(rows, start=1):
            for number, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(row_no, number, cell, formats[number])
                elif cell:
                    sheet.write_string(row_no, number, cell)
    return content.getvalue()


def form_workbook(
    headings: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int], *, title: str | None = None
) -> bytes:
    """One sheet whose columns take texts only, so that a phone number keeps its first 0; `widths` in characters."""
    content = io.BytesIO()
    with Workbook(content, _OPTIONS) as workbook:
        sheet = workbook.add_worksheet(title)
        text = workbook.add_format({"num_format": "@"})
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width, text)
        for number, heading in enumerate(headings):
            sheet.write_string(0, number, heading)
        for row_no, row in enumerate(rows, start=1):
            for number, cell in enumerate(row):
                if cell:
                    sheet.write_string(row_no, number, cell, text)
    return content.getvalue()
