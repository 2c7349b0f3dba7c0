"""Uploaded workbooks (xls, xlsx): the cells of the first sheet, and nothing that a hostile file could cost."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from chassis.file_types import XLS, XLSX, sniff

Cell = int | float | str | bool | time | date | datetime | timedelta
Range = tuple[tuple[int, int], tuple[int, int]]
"""First and last (row, column) of a merged cell, counted from 0."""

CELLS_MAX = 2_000_000
"""Rows × columns that are laid out at once: a file of two far cells would else take all memory."""
UNPACKED_BYTES_MAX = 100_000_000
CELL_CHARACTERS_MAX = 32_767
"""Of a spreadsheet's cell."""
_ARCHIVE_END = b"PK\x05\x06"
_PLACE = re.compile(rb"""<(?:\w+:)?(?:c|row)\s[^<>]*?\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["']""")
_TAG_BYTES_MAX = 1_000
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    CalamineError,
    IndexError,
    ValueError,
    OSError,
    EOFError,
    # Of an archive that is encrypted or packed in a way of its own.
    RuntimeError,
)


class WorkbookDamaged(Exception):
    """The file is no workbook, damaged, encrypted, or larger than anybody's list once it is unpacked."""


class WorkbookTooLong(Exception):
    """The first sheet has more rows than asked for."""


@dataclass(frozen=True)
class Sheet:
    """Rows of cells from the sheet's very first one: row numbers are those that a person sees. Formulas are values."""

    rows: list[list[Cell]]
    merged: Sequence[Range]


def first_sheet(
    content: bytes,
    rows_max: int,
    *,
    types: Container[str] = (XLS, XLSX),
    unpacked_bytes_max: int = UNPACKED_BYTES_MAX,
) -> Sheet:
    """The first sheet; formulas are never evaluated. Raises `WorkbookDamaged`, `WorkbookTooLong`."""
    try:
        _refuse_bomb(content, rows_max, types, unpacked_bytes_max)
        return _read(content, rows_max)
    except _DAMAGED as reason:
        raise WorkbookDamaged(str(reason)) from reason


def cell_text(cell: Cell, characters_max: int = CELL_CHARACTERS_MAX) -> str:
    """The cell as a person typed it: a phone or a code that became a number comes back without its `.0`.

    What is longer than `characters_max` is cut: nobody typed it into a cell by hand.
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "")[:characters_max]


def _read(content: bytes, rows_max: int) -> Sheet:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    if sheet.height > rows_max:
        raise WorkbookTooLong(f"more than {rows_max} rows")
    return Sheet(sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or ())


def _refuse_bomb(content: bytes, rows_max: int, types: Container[str], unpacked_bytes_max: int) -> None:
    kind = sniff(content)
    # The reader looks for an archive anywhere in a file: behind another beginning it would pass unseen.
    if kind not in types or (kind == XLS and _ARCHIVE_END in content):
        raise WorkbookDamaged(f"no workbook to be read: {kind}")
    if kind == XLS:
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > unpacked_bytes_max:
            raise WorkbookDamaged("packed too far")
        # Each of the files: a sheet may bear any name.
        for entry in archive.infolist():
            _refuse_far_cells(archive, entry, rows_max, unpacked_bytes_max)


def _refuse_far_cells(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, rows_max: int, unpacked_bytes_max: int) -> None:
    """Refuse a sheet whose filled area is larger than anybody's list, before it is laid out in memory."""
    last_row = last_column = 0
    with archive.open(entry) as stream:
        kept, unpacked = b"", 0
        while piece := stream.read(1 << 16):
            # What an archive says of its sizes may be a lie; what comes out of it is not.
            unpacked += len(piece)
            if unpacked > unpacked_bytes_max:
                raise WorkbookDamaged("packed too far")
            for letters, digits in _PLACE.findall(kept + piece):
                last_row = max(last_row, int(digits))
                last_column = max(last_column, _column(letters))
            kept = piece[-_TAG_BYTES_MAX:]
    if last_row * last_column > CELLS_MAX:
        raise WorkbookTooLong(f"more than {rows_max} rows") if last_row > rows_max else WorkbookDamaged("too wide")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
