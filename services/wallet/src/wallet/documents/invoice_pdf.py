"""INVOICE as PDF (WAL-15)."""

from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.documents import render_pdf
from wallet.domain.invoice_print import PrintedInvoice
from wallet.domain.month import SEOUL

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def invoice_pdf(printed: PrintedInvoice) -> bytes:
    """The invoice as it is printed."""
    page = _pages.get_template("invoice.html").render(
        sender=printed.sender,
        printed_at=f"{printed.printed_at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}",
        head=_head_of(printed),
        lines=_lines_of(printed),
    )
    return render_pdf(page)


def _head_of(printed: PrintedInvoice) -> list[tuple[str, str]]:
    invoice, day = printed.invoice, printed.dated_on
    number = invoice.document_number
    if invoice.revision > 1:
        number += f" (정정 {invoice.revision - 1}회)"
    return [
        ("문서번호", number),
        ("일자", f"{day.year:04d}.{day.month:02d}.{day.day:02d}"),
        ("발신", printed.sender.name),
        ("수신", printed.company_name),
        ("제목", printed.sender.subject),
    ]


def _lines_of(printed: PrintedInvoice) -> list[tuple[str, str]]:
    invoice = printed.invoice
    lines = [
        ("정산 기간", f"{invoice.month[:4]}년 {invoice.month[5:]}월"),
        ("청구 일자", _day_ko(printed.dated_on)),
        ("주문명", printed.order_title),
        ("정산 금액", _won(invoice.settled_krw)),
    ]
    if invoice.carried_krw > 0:
        lines += [("이월취소금액", _won(invoice.carried_krw)), ("청구 금액", _won(invoice.billed_krw))]
    return [*lines, ("입금 계좌", printed.sender.bank_account)]


def _day_ko(day: date) -> str:
    return f"{day.year:04d}년 {day.month:02d}월 {day.day:02d}일"


def _won(amount_krw: int) -> str:
    return f"{amount_krw:,}원"
