"""Recipients as workbooks: read from xls and xlsx, written as xlsx (ORD-09, ORD-11)."""

from collections.abc import Iterable, Sequence

from chassis.workbook_writing import form_workbook
from chassis.workbooks import Cell, Range, WorkbookDamaged, WorkbookTooLong, cell_text, first_sheet
from ordering.application.uploading import RefusedRow
from ordering.domain.errors import WorkbookRowsError, WorkbookUnreadableError
from ordering.domain.line import Row
from ordering.domain.recipient_file import COLUMNS, positions, row_of

ROWS_READ_MAX = 20_000
"""Empty rows are skipped, so a file may have more rows than recipients; past this nobody looks any more."""
TEXT_CHARACTERS_MAX = 400
_WIDTHS = (18, 12, 20, 14, 10, 40)
_SAMPLE = (Row("01012345678", "홍길동", "한빛상사", "과장"), Row("01087654321", "김하늘", "한빛상사", "대리"))


class RecipientWorkbooks:
    """Formulas are never evaluated, and never written: a cell that has one counts by the value stored beside it."""

    def read(self, content: bytes) -> list[tuple[int, Row]]:
        """The rows of the first sheet with their numbers as a spreadsheet shows them.

        Columns are known by their headings, in any order. Raises `WorkbookUnreadableError`, `WorkbookRowsError`.
        """
        try:
            sheet = first_sheet(content, ROWS_READ_MAX)
        except WorkbookTooLong as reason:
            raise WorkbookRowsError(ROWS_READ_MAX) from reason
        except WorkbookDamaged as reason:
            raise WorkbookUnreadableError from reason
        _fill_merged(sheet.rows, sheet.merged)
        return _rows(sheet.rows)

    def sample(self) -> bytes:
        """An xlsx to fill in."""
        return _written([*COLUMNS.values()], map(_cells, _SAMPLE))

    def listed(self, rows: Iterable[Row]) -> bytes:
        """Rows in the columns that an upload takes; without any, an empty form."""
        return _written([*COLUMNS.values()], map(_cells, rows))

    def refused(self, rows: Iterable[RefusedRow]) -> bytes:
        """Refused rows as they were given, each with its number and reasons; mended, it can be uploaded as it is."""
        headings = [*COLUMNS.values(), "행 번호", "실패 사유"]
        return _written(headings, ((*_cells(one.row), str(one.row_no), one.reasons_ko) for one in rows))


def _fill_merged(cells: list[list[Cell]], ranges: Sequence[Range]) -> None:
    """A merged cell's text counts for each of its rows, as it reads on the screen; phones are never repeated so."""
    fields = positions([_text(cell) for cell in cells[0]]) if cells else {}
    texts = {position for field, position in fields.items() if field != "phone"}
    for (first_row, first_column), (last_row, _) in ranges:
        if first_column not in texts or first_row == 0:
            continue
        for row in cells[first_row + 1 : last_row + 1]:
            row[first_column] = cells[first_row][first_column]


def _rows(cells: Sequence[Sequence[Cell]]) -> list[tuple[int, Row]]:
    fields = positions([_text(cell) for cell in cells[0]]) if cells else {}
    if "phone" not in fields:
        raise WorkbookUnreadableError
    return [(number, row_of(fields, [_text(cell) for cell in row])) for number, row in enumerate(cells[1:], start=2)]


def _text(cell: Cell) -> str:
    return cell_text(cell, TEXT_CHARACTERS_MAX)


def _cells(row: Row) -> tuple[str, ...]:
    return row.phone, row.name, row.company, row.title


def _written(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return form_workbook(headings, rows, _WIDTHS[: len(headings)], title="수신자")
