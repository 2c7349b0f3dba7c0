"""Uploaded workbooks: what people made is read, and what hostile files would cost is refused."""

import io
import zipfile
from collections.abc import Callable, Sequence

import pytest
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from chassis.workbooks import WorkbookDamaged, WorkbookTooLong, cell_text, first_sheet

OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"


def a_workbook(*rows: Sequence[object], fill: Callable[[Workbook, Worksheet], None] | None = None) -> bytes:
    """An xlsx with these rows."""
    content = io.BytesIO()
    with Workbook(content) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if fill is not None:
            fill(workbook, sheet)
    return content.getvalue()


def encrypted(content: bytes) -> bytes:
    """The archive with every entry marked as encrypted."""
    marked = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            marked[entry.header_offset + 6] |= 1
    position = 0
    while (position := marked.find(b"PK\x01\x02", position)) >= 0:
        marked[position + 8] |= 1
        position += 4
    return bytes(marked)


def overwritten(content: bytes) -> bytes:
    """The archive with the first sheet's packed bytes spoiled."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo(SHEET).header_offset + 30 + len(SHEET) + 2
    return content[:start] + b"\xff" * 20 + content[start + 20 :]


def repacked(content: bytes, body: bytes) -> bytes:
    """The archive with another first sheet."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, body if entry.filename == SHEET else old.read(entry.filename))
    return target.getvalue()


def test_rows_keep_the_numbers_that_a_person_sees() -> None:
    assert first_sheet(a_workbook((), ("이름", 1)), rows_max=2).rows == [["", ""], ["이름", 1.0]]


@pytest.mark.parametrize(
    ("cell", "text"), [(1012345678.0, "1012345678"), (0.5, "0.5"), ("a\x00b", "ab"), ("x" * 10, "xxxxx")]
)
def test_a_cell_is_what_a_person_typed(cell: float | str, text: str) -> None:
    assert cell_text(cell, 5 if text == "xxxxx" else 400) == text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,phone\n",
        b"PK\x03\x04 torn",
        OLE_START,
        b"x" + a_workbook(("a", "b")),
        OLE_START + "Workbook".encode("utf-16-le") + a_workbook(("a", "b")),
        encrypted(a_workbook(("a", "b"))),
        overwritten(a_workbook(("a", "b"))),
        repacked(a_workbook(("a", "b")), b" " * 100_000_001),
        a_workbook(fill=lambda _, sheet: sheet.write_string(9_999, 16_383, "x")),
    ],
    ids=[
        "empty",
        "csv",
        "torn xlsx",
        "torn xls",
        "hidden xlsx",
        "xlsx in xls",
        "encrypted",
        "spoiled",
        "zip bomb",
        "far cell",
    ],
)
def test_what_is_no_list_of_anybody_is_refused(content: bytes) -> None:
    with pytest.raises(WorkbookDamaged):
        first_sheet(content, rows_max=20_000)


@pytest.mark.parametrize("last_row", [20_000, 1_048_575])
def test_a_sheet_with_too_many_rows_is_refused(last_row: int) -> None:
    content = a_workbook(("a", "b"), fill=lambda _, sheet: sheet.write_string(last_row, 1, "x"))
    with pytest.raises(WorkbookTooLong):
        first_sheet(content, rows_max=20_000)


@pytest.mark.parametrize(
    "rows",
    [
        b"<row r='9999'><c r='XFD9999'><v>1</v></c></row>",
        b'<row r="9999"><c\ns="1" r = "xfd9999"><v>1</v></c></row>',
        b'<row r="19999">' + b"<c><v>1</v></c>" * 200 + b'<c r="GS19999"><v>1</v></c></row>',
    ],
    ids=["other quotes", "other spaces", "cells without a place"],
)
def test_far_cells_are_seen_however_they_are_written(rows: bytes) -> None:
    start = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    with pytest.raises(WorkbookDamaged):
        first_sheet(repacked(a_workbook(("a",)), start + rows + b"</sheetData></worksheet>"), rows_max=20_000)


def test_a_sheet_of_open_tags_is_looked_through_at_once() -> None:
    with pytest.raises(WorkbookDamaged):
        first_sheet(repacked(a_workbook(("a",)), b"<c " * 3_000_000), rows_max=20_000)


def test_a_kind_that_was_not_asked_for_is_refused() -> None:
    with pytest.raises(WorkbookDamaged):
        first_sheet(a_workbook(("a", "b")), rows_max=2, types=())


def test_only_the_first_sheet_is_held_against_the_rows() -> None:
    content = a_workbook(("a",), fill=lambda workbook, _: workbook.add_worksheet().write_string(30_000, 0, "x"))
    assert first_sheet(content, rows_max=20_000).rows == [["a"]]
