"""Lists as workbooks (xlsx)."""

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter

_COLUMN_WIDTH = 22


def workbook_of(title: str, head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """One sheet, written row by row. Text stays text: nothing that a person entered becomes a formula or a link."""
    content = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        sheet = workbook.add_worksheet(title)
        sheet.set_column(0, len(head) - 1, _COLUMN_WIDTH)
        sheet.write_row(0, 0, head, workbook.add_format({"bold": True}))
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
    return content.getvalue()
