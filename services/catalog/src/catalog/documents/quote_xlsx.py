"""A quote as a workbook of one sheet."""

import io

from xlsxwriter import Workbook

from catalog.documents.quote_words import COLUMNS, TITLE, head_of, notices_of, supplier_of
from catalog.domain.quote import Quote

_WON = '#,##0"원"'
_WIDTHS = (14, 20, 40, 12, 16, 16)


def quote_workbook(quote: Quote) -> bytes:
    """The quote as xlsx: sums are numbers, and no text is ever a formula."""
    content = io.BytesIO()
    # In memory: names of products and companies stay texts, whatever they begin with.
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet(TITLE)
        bold, won = workbook.add_format({"bold": True}), workbook.add_format({"num_format": _WON})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, TITLE, workbook.add_format({"bold": True, "font_size": 18}))
        row = 2
        for name, value in (*head_of(quote), *((f"공급자 {name}", value) for name, value in supplier_of(quote))):
            sheet.write_string(row, 0, name, bold)
            sheet.write_string(row, 1, value)
            row += 1
        row += 1
        for column, name in enumerate(COLUMNS):
            sheet.write_string(row, column, name, bold)
        for number, line in enumerate(quote.lines, start=1):
            row += 1
            sheet.write_number(row, 0, number)
            sheet.write_string(row, 1, line.brand_name)
            sheet.write_string(row, 2, line.product_name)
            sheet.write_string(row, 3, f"{line.validity_days}일")
            sheet.write_number(row, 4, line.face_price_krw, won)
            sheet.write_number(row, 5, line.sale_price_krw, won)
        figures = quote.figures
        row += 2
        for name, amount_krw in (
            ("합계 금액", figures.list_amount_krw),
            ("할인 금액", figures.discount_amount_krw),
            ("최종 결제 금액", figures.pay_amount_krw),
        ):
            sheet.write_string(row, 4, name, bold)
            sheet.write_number(row, 5, amount_krw, won)
            row += 1
        for notice in notices_of(quote):
            row += 1
            sheet.write_string(row, 0, notice)
    return content.getvalue()
