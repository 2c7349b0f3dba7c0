"""Workbooks of products: operators' sheet, which can be imported again, and the list that members download."""

from collections.abc import Iterable, Mapping, Sequence

from catalog.application.product_sheets import COLUMNS, SheetRow
from catalog.application.views import ProductView
from catalog.domain.errors import SheetUnreadable
from chassis.file_types import XLSX
from chassis.workbook_writing import Column, list_workbook
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
    return list_workbook(name, [Column(heading, 16, "#,##0") for heading in columns], rows, headings_stay=True)
