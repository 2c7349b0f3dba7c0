"""충전/사용내역 as a workbook of one sheet."""

import io
from collections.abc import Sequence

from xlsxwriter import Workbook

from wallet.domain.history import LABELS, HistoryLine
from wallet.domain.month import SEOUL

TITLE = "충전 사용내역"
COLUMNS = (("거래일시", 20), ("구분", 14), ("상세 내용", 60), ("금액", 16), ("보유 충전금", 16))
_WON = '+#,##0"원";-#,##0"원";0"원"'
_BALANCE = '#,##0"원"'


def history_workbook(lines: Sequence[HistoryLine]) -> bytes:
    """The lines as xlsx, in the order given: sums are numbers, and no text is ever a formula."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet(TITLE)
        bold = workbook.add_format({"bold": True})
        won, balance = workbook.add_format({"num_format": _WON}), workbook.add_format({"num_format": _BALANCE})
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, bold)
        for row, line in enumerate(lines, start=1):
            _, kind_ko = LABELS[line.kind]
            sheet.write_string(row, 0, f"{line.at.astimezone(SEOUL):%Y-%m-%d %H:%M}")
            sheet.write_string(row, 1, kind_ko)
            sheet.write_string(row, 2, line.detail_ko)
            sheet.write_number(row, 3, line.amount_krw, won)
            sheet.write_number(row, 4, line.balance_krw, balance)
    return content.getvalue()
