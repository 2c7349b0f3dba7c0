"""Recipients as workbooks: read from xls and xlsx, written as xlsx (ORD-09, ORD-11)."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from ordering.application.uploading import RefusedRow
from ordering.domain.errors import WorkbookRowsError, WorkbookUnreadableError
from ordering.domain.line import Row
from ordering.domain.recipient_file import COLUMNS, positions, row_of

ROWS_READ_MAX = 20_000
"""Empty rows are skipped, so a file may have more rows than recipients; past this nobody looks any more."""
CELLS_MAX = 2_000_000
"""Rows × columns that are laid out at once: a file of two far cells would else take all memory."""
UNPACKED_BYTES_MAX = 100_000_000
TEXT_CHARACTERS_MAX = 400
_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_CELL_BYTES_MAX = 200
_WIDTHS = (18, 12, 20, 14, 10, 40)
_SAMPLE = (Row("01012345678", "홍길동", "한빛상사", "과장"), Row("01087654321", "김하늘", "한빛상사", "대리"))

Cell = int | float | str | bool | time | date | datetime | timedelta


class RecipientWorkbooks:
    """Formulas are never evaluated, and never written: a cell that has one counts by the value stored beside it."""

    def read(self, content: bytes) -> list[tuple[int, Row]]:
        """The rows of the first sheet with their numbers as a spreadsheet shows them.

        Columns are known by their headings, in any order. Raises `WorkbookUnreadableError`, `WorkbookRowsError`.
        """
        _refuse_bomb(content)
        try:
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
            if sheet.height > ROWS_READ_MAX:
                raise WorkbookRowsError(ROWS_READ_MAX)
            # Not cut to the filled area: row numbers are those that the member sees.
            cells = sheet.to_python(skip_empty_area=False)
        except (CalamineError, IndexError, ValueError, OSError) as reason:
            raise WorkbookUnreadableError from reason
        _fill_merged(cells, sheet.merged_cell_ranges or ())
        return _rows(cells)

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


def _refuse_bomb(content: bytes) -> None:
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > UNPACKED_BYTES_MAX:
                raise WorkbookUnreadableError
            for name in archive.namelist():
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _refuse_far_cells(archive, name)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as reason:
        raise WorkbookUnreadableError from reason


def _refuse_far_cells(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a sheet whose filled area is larger than anybody's list, before it is laid out in memory."""
    last_row = last_column = 0
    with archive.open(name) as stream:
        kept, unpacked = b"", 0
        while piece := stream.read(1 << 16):
            # What an archive says of its sizes may be a lie; what comes out of it is not.
            unpacked += len(piece)
            if unpacked > UNPACKED_BYTES_MAX:
                raise WorkbookUnreadableError
            for letters, digits in _CELL.findall(kept + piece):
                last_row = max(last_row, int(digits))
                last_column = max(last_column, _column(letters))
            kept = piece[-_CELL_BYTES_MAX:]
    if last_row > ROWS_READ_MAX:
        raise WorkbookRowsError(ROWS_READ_MAX)
    if last_row * last_column > CELLS_MAX:
        raise WorkbookUnreadableError


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _fill_merged(cells: list[list[Cell]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
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
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # What nobody typed into a cell by hand is cut here: it is too long for every column anyway.
    return str(cell).replace("\x00", "")[:TEXT_CHARACTERS_MAX]


def _cells(row: Row) -> tuple[str, ...]:
    return row.phone, row.name, row.company, row.title


def _written(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("수신자")
        text = workbook.add_format({"num_format": "@"})
        for column, width in enumerate(_WIDTHS[: len(headings)]):
            sheet.set_column(column, column, width, text)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if value:
                    sheet.write_string(number, column, value, text)
    return target.getvalue()
