"""A plan's recipients as workbooks: read from xls and xlsx, written as xlsx (ANN-01, ORD-11)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from chassis.workbook_writing import form_workbook
from chassis.workbooks import Cell, WorkbookDamaged, WorkbookTooLong, cell_text, first_sheet
from ordering.application.plan_uploading import RefusedPlanRow
from ordering.documents.recipient_workbooks import ROWS_READ_MAX, TEXT_CHARACTERS_MAX
from ordering.domain.errors import WorkbookRowsError, WorkbookUnreadableError
from ordering.domain.line import Row
from ordering.domain.plan import PlanRow
from ordering.domain.plan_file import PLAN_COLUMNS, plan_positions, plan_row_of

_WIDTHS = (18, 14, 18, 12, 20, 14, 10, 40)
_SAMPLE = (
    PlanRow(Row("01012345678", "홍길동", "한빛상사", "과장"), "1990/03/02", "양력"),
    PlanRow(Row("01087654321", "김하늘", "한빛상사", "대리"), "1985/08/15", "음력"),
)


class PlanRecipientWorkbooks:
    """Formulas are never evaluated, and never written; a date that a sheet holds as one is read as `YYYY/MM/DD`."""

    def read(self, content: bytes) -> list[tuple[int, PlanRow]]:
        """The rows of the first sheet with their numbers as a spreadsheet shows them.

        Columns are known by their headings, in any order. Raises `WorkbookUnreadableError`, `WorkbookRowsError`.
        """
        try:
            cells = first_sheet(content, ROWS_READ_MAX).rows
        except WorkbookTooLong as reason:
            raise WorkbookRowsError(ROWS_READ_MAX) from reason
        except WorkbookDamaged as reason:
            raise WorkbookUnreadableError from reason
        fields = plan_positions([_text(cell) for cell in cells[0]]) if cells else {}
        if not {"phone", "anniversary"} <= fields.keys():
            raise WorkbookUnreadableError
        return [
            (number, plan_row_of(fields, [_text(cell) for cell in row]))
            for number, row in enumerate(cells[1:], start=2)
        ]

    def sample(self) -> bytes:
        """An xlsx to fill in."""
        return self.listed(_SAMPLE)

    def listed(self, rows: Iterable[PlanRow]) -> bytes:
        """Rows in the columns that an upload takes; without any, an empty form."""
        return _written([*PLAN_COLUMNS.values()], map(_cells, rows))

    def refused(self, rows: Iterable[RefusedPlanRow]) -> bytes:
        """Refused rows as they were given, each with its number and reasons; mended, it can be uploaded as it is."""
        headings = [*PLAN_COLUMNS.values(), "행 번호", "실패 사유"]
        return _written(headings, ((*_cells(one.row), str(one.row_no), one.reasons_ko) for one in rows))


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell.year:04}/{cell.month:02}/{cell.day:02}"
    return cell_text(cell, TEXT_CHARACTERS_MAX)


def _cells(given: PlanRow) -> tuple[str, ...]:
    row = given.row
    return row.phone, given.anniversary, given.calendar, row.name, row.company, row.title


def _written(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    return form_workbook(headings, rows, _WIDTHS[: len(headings)], title="기념일 수신자")
