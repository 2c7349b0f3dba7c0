"""The columns of a recipients' workbook: what is uploaded, downloaded and given as a form (ORD-11)."""

from collections.abc import Sequence

from ordering.domain.line import Row

COLUMNS = {"phone": "휴대전화번호[필수]", "name": "이름[선택]", "company": "회사명[선택]", "title": "직책/직급[선택]"}
"""The fields of a row with their headings, in this order."""


def bare(heading: str) -> str:
    """A heading without its `[필수]` and spaces, which people tend to remove."""
    return "".join(heading.partition("[")[0].split())


def positions(headings: Sequence[str]) -> dict[str, int]:
    """Where each field stands, by its heading; columns of other names are left aside."""
    fields = {bare(heading): field for field, heading in COLUMNS.items()}
    found: dict[str, int] = {}
    for position, heading in enumerate(headings):
        field = fields.get(bare(heading))
        if field is not None:
            found.setdefault(field, position)
    return found


def row_of(fields: dict[str, int], cells: Sequence[str]) -> Row:
    """The row that cells make."""
    texts = {field: cells[position] for field, position in fields.items() if position < len(cells)}
    return Row(texts.get("phone", ""), texts.get("name", ""), texts.get("company", ""), texts.get("title", ""))


def column_ko(field: str) -> str:
    """A field's heading as a person names it."""
    return bare(COLUMNS[field])
