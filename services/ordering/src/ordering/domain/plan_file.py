"""The columns of a plan's recipients as a workbook: those of an order's, with the anniversary (ANN-01, ORD-11)."""

from collections.abc import Sequence

from ordering.domain.line import Row
from ordering.domain.plan import PlanRow
from ordering.domain.recipient_file import COLUMNS, bare

PLAN_COLUMNS = {
    "phone": COLUMNS["phone"],
    "anniversary": "기념일[필수]",
    "calendar": "양력/음력/윤달[선택]",
    "name": COLUMNS["name"],
    "company": COLUMNS["company"],
    "title": COLUMNS["title"],
}
"""The fields of a row with their headings, in this order; a sheet of contacts says 양력/음력."""
_OTHER_HEADINGS = {"양력/음력": "calendar"}


def plan_positions(headings: Sequence[str]) -> dict[str, int]:
    """Where each field stands, by its heading; columns of other names are left aside."""
    fields = {bare(heading): field for field, heading in PLAN_COLUMNS.items()} | _OTHER_HEADINGS
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        field = fields.get(bare(heading))
        if field is not None:
            found.setdefault(field, position)
    return found


def plan_row_of(fields: dict[str, int], cells: Sequence[str]) -> PlanRow:
    """The row that cells make."""
    texts = {field: cells[position] for field, position in fields.items() if position < len(cells)}
    row = Row(texts.get("phone", ""), texts.get("name", ""), texts.get("company", ""), texts.get("title", ""))
    return PlanRow(row, texts.get("anniversary", ""), texts.get("calendar", ""))


def plan_column_ko(field: str) -> str:
    """A field's heading as a person names it."""
    return bare(PLAN_COLUMNS[field])
