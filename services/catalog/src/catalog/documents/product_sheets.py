"""Workbooks of products: operators' sheet, which can be imported again, and the list that members download."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from catalog.application.product_sheets import COLUMNS, SheetRow
from catalog.application.views import ProductView
from catalog.domain.errors import SheetUnreadable

ROWS_MAX = 2_000
"""Of one import: more would take longer than a request may."""
LIST_COLUMNS = ("브랜드", "카테고리", "상품명", "유효기간", "정가", "판매가", "할인율", "환금성")
_UNPACKED_BYTES_MAX = 100_000_000
_COLUMNS_MAX = 100


def read_sheet(content: bytes) -> Sequence[SheetRow]:
    """The rows of the first sheet with their numbers as a spreadsheet shows them; empty ones are skipped.

    Columns are known by their headings, in any order. Formulas are never evaluated. Raises `SheetUnreadable`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _UNPACKED_BYTES_MAX:
                raise SheetUnreadable(ROWS_MAX)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        if sheet.height > ROWS_MAX + 1 or sheet.width > _COLUMNS_MAX:
            raise SheetUnreadable(ROWS_MAX)
        rows = sheet.to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, IndexError, ValueError, OSError, NotImplementedError):
        raise SheetUnreadable(ROWS_MAX) from None
    headings = [_text(cell) for cell in rows[0]] if rows else []
    if "상품코드" not in headings:
        raise SheetUnreadable(ROWS_MAX)
    found = []
    for row_no, row in enumerate(rows[1:], start=2):
        texts = ((heading, _text(cell)) for heading, cell in zip(headings, row, strict=False))
        cells = {heading: text for heading, text in texts if text and heading in COLUMNS}
        if cells:
            found.append(SheetRow(row_no, cells))
    return found


def product_sheet(rows: Iterable[Mapping[str, str | int]]) -> bytes:
    """Operators' sheet; an empty one is the form to fill in."""
    return _workbook("상품", COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in rows))


def product_list(products: Iterable[ProductView]) -> bytes:
    """전체 상품리스트: a row for each product and validity (GWY-05)."""
    rows = (
        [
            product.brand_name,
            product.category_name,
            product.name,
            f"{offer.validity_days}일",
            offer.face_price_krw,
            offer.sale_price_krw,
            f"{offer.discount_percent}%" if offer.discount_percent else "",
            "Y" if product.cash_like else "",
        ]
        for product in products
        for offer in product.offers
    )
    return _workbook("전체 상품리스트", LIST_COLUMNS, rows)


def _workbook(name: str, columns: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    content = io.BytesIO()
    # Rows go out as they come; texts stay texts, whatever they begin with.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as workbook:
        sheet = workbook.add_worksheet(name)
        bold, number = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "#,##0"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 16)
        for column, heading in enumerate(columns):
            sheet.write_string(0, column, heading, bold)
        for row_no, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(row_no, column, cell, number)
                elif cell:
                    sheet.write_string(row_no, column, cell)
    return content.getvalue()


def _text(cell: object) -> str:
    # A code or a price that was typed as a number comes as a float.
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
