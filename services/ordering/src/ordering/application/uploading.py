"""Recipients from a workbook: good rows stay, bad rows are told with number, column and reason (ORD-09, ORD-11)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ordering.domain.errors import RecipientsCountError, RowProblem
from ordering.domain.limits import OrderLimits
from ordering.domain.line import Recipient, Row, sort_rows


@dataclass(frozen=True)
class RefusedRow:
    """A row of a file that cannot be taken, as it was given."""

    row_no: int
    row: Row = field(repr=False)
    problems: tuple[RowProblem, ...]
    reasons_ko: str


@dataclass(frozen=True)
class UploadedRecipients:
    """What a file holds. Row numbers are those of the sheet."""

    recipients: tuple[Recipient, ...]
    refused: tuple[RefusedRow, ...]
    repeated_row_nos: tuple[int, ...]
    """Later repeats of a number within the file; they are among the good rows, and can be removed at once (ORD-10)."""


class Workbooks(Protocol):
    """Workbooks of recipients."""

    def read(self, content: bytes) -> list[tuple[int, Row]]:
        """The rows of the first sheet with their numbers. Raises `WorkbookUnreadableError`, `WorkbookRowsError`."""

    def sample(self) -> bytes:
        """One that shows how rows are filled in."""

    def listed(self, rows: Iterable[Row]) -> bytes:
        """Rows in the columns that an upload takes."""

    def refused(self, rows: Iterable[RefusedRow]) -> bytes:
        """Refused rows as they were given, each with its number and reasons."""


class ReasonTexts(Protocol):
    """What a person reads about a row."""

    def __call__(self, problems: Sequence[RowProblem]) -> str: ...


def take_file(content: bytes, workbooks: Workbooks, limits: OrderLimits, reasons: ReasonTexts) -> UploadedRecipients:
    """The recipients of a file. Raises the workbooks' errors, and `RecipientsCountError` for none or too many rows."""
    numbered = workbooks.read(content)
    sheet_row_no = dict(enumerate((row_no for row_no, _ in numbered), start=1))
    rows = [row for _, row in numbered]
    filled, problems = sort_rows(rows, limits)
    if not 1 <= len(filled) <= limits.recipients_max:
        raise RecipientsCountError(len(filled), limits.recipients_max)
    by_row: dict[int, list[RowProblem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row_no].append(problem)
    good = tuple(one for one in filled if one.row_no not in by_row)
    return UploadedRecipients(
        recipients=good,
        refused=tuple(
            RefusedRow(sheet_row_no[row_no], rows[row_no - 1], tuple(found), reasons(found))
            for row_no, found in sorted(by_row.items())
        ),
        repeated_row_nos=tuple(sheet_row_no[one.row_no] for one in _repeats(good)),
    )


def _repeats(recipients: Sequence[Recipient]) -> Sequence[Recipient]:
    seen: set[str] = set()
    later = []
    for recipient in recipients:
        if recipient.phone in seen:
            later.append(recipient)
        seen.add(recipient.phone)
    return later
