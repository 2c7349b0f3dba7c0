"""Workbooks of products: operators' sheet, which can be imported again, and the list that members download."""

import io
from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter import Workbook

from catalog.application.product_sheets import COLUMNS, SheetRow
from catalog.application.views import ProductView
from catalog.domain.errors import SheetUnreadable
from chassis.file_types import XLSX
from chassis.workbooks import WorkbookDamaged, WorkbookTooLong, cell_text, first_sheet

ROWS_MAX = 2_000
"""Of one import: more would take longer than a request may."""
LIST_COLUMNS = ("브랜드", "카테고리", "상품명", "유효기간", "정가", "판매가", "할인율", "환금성")
_COLUMNS_MAX = 100


def read_sheet(content: bytes) -> Sequence[SheetRow]:
    """The rows of the first sheet with their numbers as a spreadsheet shows them; empty ones are skipped.

    Columns are known by their headings, in any order. Formulas are never evaluated. Raises `SheetUnreadable`.
    """
    try:
        rows = first_sheet(content, ROWS_MAX + 1, types=(XLSX,)).rows
    except (WorkbookDamaged, WorkbookTooLong) as reason:
        raise SheetUnreadable(ROWS_MAX) from reason
    if rows and len(rows[0]) > _COLUMNS_MAX:
        raise SheetUnreadable(ROWS_MAX)
    headings = [cell_text(cell).strip() for cell in rows[0]] if rows else []
    if "상품코드" not in headings:
        raise SheetUnreadable(ROWS_MAX)
    found = []
    for row_no, row in enumerate(rows[1:], start=2):
        texts = ((heading, cell_text(cell).strip()) for heading, cell in zip(headings, row, strict=False))
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
