"""Recipients of a plan from a workbook: good rows stay, bad rows are told with number, column and reason (ANN-01)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ordering.application.uploading import ReasonTexts
from ordering.domain.anniversary import Anniversary, LunarCalendar
from ordering.domain.errors import RecipientsCountError, RowProblem
from ordering.domain.limits import OrderLimits
from ordering.domain.line import Recipient, sort_rows
from ordering.domain.plan import PlanRow, read_days


@dataclass(frozen=True)
class RefusedPlanRow:
    """A row of a file that cannot be taken, as it was given."""

    row_no: int
    row: PlanRow = field(repr=False)
    problems: tuple[RowProblem, ...]
    reasons_ko: str


@dataclass(frozen=True)
class UploadedPlanRecipients:
    """What a file holds. Row numbers are those of the sheet."""

    recipients: tuple[tuple[Recipient, Anniversary], ...]
    refused: tuple[RefusedPlanRow, ...]


class PlanWorkbooks(Protocol):
    """Workbooks of a plan's recipients."""

    def read(self, content: bytes) -> list[tuple[int, PlanRow]]:
        """The rows of the first sheet with their numbers. Raises `WorkbookUnreadableError`, `WorkbookRowsError`."""

    def sample(self) -> bytes:
        """One that shows how rows are filled in."""

    def listed(self, rows: Iterable[PlanRow]) -> bytes:
        """Rows in the columns that an upload takes."""

    def refused(self, rows: Iterable[RefusedPlanRow]) -> bytes:
        """Refused rows as they were given, each with its number and reasons."""


def take_plan_file(
    content: bytes, workbooks: PlanWorkbooks, limits: OrderLimits, lunar: LunarCalendar, reasons: ReasonTexts
) -> UploadedPlanRecipients:
    """The recipients of a file. Raises the workbooks' errors, and `RecipientsCountError` for none or too many rows."""
    numbered = workbooks.read(content)
    rows = [row for _, row in numbered]
    filled, problems = sort_rows([one.row for one in rows], limits)
    days, day_problems = read_days(rows, lunar)
    if not 1 <= len(filled) <= limits.recipients_max:
        raise RecipientsCountError(len(filled), limits.recipients_max)
    by_row: dict[int, list[RowProblem]] = defaultdict(list)
    for problem in (*problems, *day_problems):
        by_row[problem.row_no].append(problem)
    return UploadedPlanRecipients(
        recipients=tuple((one, days[one.row_no]) for one in filled if one.row_no not in by_row),
        refused=tuple(
            RefusedPlanRow(numbered[row_no - 1][0], rows[row_no - 1], tuple(found), reasons(found))
            for row_no, found in sorted(by_row.items())
        ),
    )
