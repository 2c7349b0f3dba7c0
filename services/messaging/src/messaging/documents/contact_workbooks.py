"""Workbooks of contacts: the sample, what is uploaded, what is exported, and the rows that were refused (ADR-04)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from chassis.workbook_writing import form_workbook
from chassis.workbooks import Cell, WorkbookDamaged, WorkbookTooLong, cell_text, first_sheet
from messaging.application.contact_words import problem_ko
from messaging.domain.address_book_errors import TooManyRows, WorkbookUnreadable
from messaging.domain.anniversary import CalendarKind
from messaging.domain.contact import Contact, ContactRow, RefusedRow

COLUMNS = {
    "name": "이름[필수]",
    "phone": "휴대전화번호[필수]",
    "anniversary": "기념일[선택]",
    "calendar": "양력/음력[선택]",
    "company": "회사명[선택]",
    "department": "소속/부서[선택]",
    "title": "직책/직급[선택]",
}
"""The columns of ADR-03 as the manual's form names them (7-1)."""
_REQUIRED = ("name", "phone")
_CALENDAR_WORDS = {CalendarKind.SOLAR: "양력", CalendarKind.LUNAR: "음력"}
_SAMPLE_ROWS = (
    ("홍길동", "01012345678", "1990/03/02", "양력", "한빛상사", "영업1팀", "과장"),
    ("김하늘", "01087654321", "1985/08/15", "음력", "", "", ""),
)
_ROWS_READ_MAX = 20_000
"""Empty rows are skipped, so a file may have more rows than contacts; past this nobody looks any more."""
_UNPACKED_BYTES_MAX = 200_000_000
_TEXT_LETTERS_MAX = 200
_WIDTHS = (12, 18, 14, 14, 20, 20, 14)


class ContactWorkbooks:
    """Reads xls and xlsx, writes xlsx. Formulas are never evaluated, and never written."""

    def read(self, content: bytes) -> list[tuple[int, ContactRow]]:
        """The rows of the first sheet with their numbers as a spreadsheet shows them.

        Columns are known by their headings, in any order; others are ignored, so that a mended file of refused rows can
        be uploaded as it is. Raises `WorkbookUnreadable`, `TooManyRows`.
        """
        try:
            cells = first_sheet(content, _ROWS_READ_MAX, unpacked_bytes_max=_UNPACKED_BYTES_MAX).rows
        except WorkbookTooLong as reason:
            raise TooManyRows(_ROWS_READ_MAX) from reason
        except WorkbookDamaged as reason:
            raise WorkbookUnreadable from reason
        headings = _headings(cells[0] if cells else [])
        return [(number, _row(headings, row)) for number, row in enumerate(cells[1:], start=2)]

    def sample(self) -> bytes:
        """An xlsx to fill in."""
        return form_workbook(list(COLUMNS.values()), _SAMPLE_ROWS, _WIDTHS)

    def exported(self, contacts: Iterable[Contact]) -> bytes:
        """Contacts as an xlsx that could be uploaded again."""
        return form_workbook(list(COLUMNS.values()), map(_exported, contacts), _WIDTHS)

    def refused(self, rows: Sequence[RefusedRow]) -> bytes:
        """Refused rows as they were given, each with its number and reasons."""
        headings = [*COLUMNS.values(), "행 번호", "실패 사유"]
        return form_workbook(headings, map(_refused, rows), _WIDTHS)


def _headings(cells: Sequence[Cell]) -> dict[str, int]:
    known = {_bare(heading): name for name, heading in COLUMNS.items()}
    found: dict[str, int] = {}
    for position, cell in enumerate(cells):
        name = known.get(_bare(str(cell)))
        if name is not None:
            found.setdefault(name, position)
    if any(name not in found for name in _REQUIRED):
        raise WorkbookUnreadable
    return found


def _bare(heading: str) -> str:
    """A heading without its `[필수]` and spaces, which people tend to remove."""
    return "".join(heading.partition("[")[0].split())


def _row(headings: dict[str, int], cells: Sequence[Cell]) -> ContactRow:
    return ContactRow(**{name: _text(cells[position]) for name, position in headings.items() if position < len(cells)})


def _text(cell: Cell) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell.year:04}/{cell.month:02}/{cell.day:02}"
    return cell_text(cell, _TEXT_LETTERS_MAX)


def _exported(contact: Contact) -> tuple[str, ...]:
    details = contact.details
    day = details.anniversary
    return (
        details.name,
        details.phone,
        str(day) if day else "",
        _CALENDAR_WORDS[day.calendar] if day else "",
        details.company,
        details.department,
        details.title,
    )


def _refused(refused: RefusedRow) -> tuple[str, ...]:
    reasons = ", ".join(f"{_bare(COLUMNS[each.field])}: {problem_ko(each)}" for each in refused.problems)
    given = tuple(getattr(refused.row, name) for name in COLUMNS)
    return (*given, str(refused.row_no), reasons)
