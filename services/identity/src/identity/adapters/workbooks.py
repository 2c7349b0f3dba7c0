"""Lists as workbooks (xlsx)."""

from collections.abc import Iterable, Sequence

from chassis.workbook_writing import Column, list_workbook

_COLUMN_WIDTH = 22


def workbook_of(title: str, head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    """One sheet, written row by row. Text stays text: nothing that a person entered becomes a formula or a link."""
    return list_workbook(title, [Column(heading, _COLUMN_WIDTH) for heading in head], rows)
