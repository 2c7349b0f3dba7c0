"""청구 상세 내역 as a workbook of one sheet."""

from collections.abc import Iterator, Sequence

from chassis.workbook_writing import Column, list_workbook
from wallet.domain.invoice import Invoice, InvoiceOrder
from wallet.domain.month import SEOUL

WON = '#,##0"원"'
COUNT = '#,##0"건"'
COLUMNS = (
    Column("No", 8),
    Column("주문일자", 14),
    Column("주문번호", 22),
    Column("주문명", 44),
    Column("주문 금액", 16, WON),
    Column("주문 건수", 12, COUNT),
    Column("정산 금액", 16, WON),
    Column("정산 건수", 12, COUNT),
)


def invoice_workbook(invoice: Invoice, rows: Sequence[InvoiceOrder]) -> bytes:
    """The rows as xlsx, and below them the settled, carried-over and billed amounts."""
    return list_workbook(f"{invoice.invoice_month} 청구 상세 내역", COLUMNS, _lines(invoice, rows), headings_stay=True)


def _lines(invoice: Invoice, rows: Sequence[InvoiceOrder]) -> Iterator[tuple[str | int, ...]]:
    for row in rows:
        yield (
            row.no,
            f"{row.placed_at.astimezone(SEOUL):%Y.%m.%d}",
            row.order_number,
            row.order_name,
            row.ordered_krw,
            row.ordered_coupons,
            row.settled_krw,
            row.settled_coupons,
        )
    yield ("", "", "", "정산 금액", "", "", invoice.settled_krw, invoice.coupons)
    if invoice.carried_krw > 0:
        yield ("", "", "", "이월취소금액", "", "", -invoice.carried_krw)
    yield ("", "", "", "청구 금액", "", "", invoice.billed_krw)
