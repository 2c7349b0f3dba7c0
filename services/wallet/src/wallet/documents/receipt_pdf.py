"""Receipts as PDF."""

from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chassis.documents import render_pdf
from wallet.domain.month import SEOUL
from wallet.domain.receipt import Receipt

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def receipt_pdf(receipt: Receipt) -> bytes:
    """The receipt as it is printed."""
    issued_at = receipt.issued_at.astimezone(SEOUL)
    page = _pages.get_template("receipt.html").render(
        title=receipt.title,
        issued_at=f"{issued_at:%Y-%m-%d %H:%M:%S}",
        supplier=_supplier_of(receipt),
        details=_details_of(receipt),
    )
    return render_pdf(page)


def _supplier_of(receipt: Receipt) -> list[tuple[str, str]]:
    supplier = receipt.supplier
    return [
        ("사업자등록번호", supplier.business_number),
        ("상호명", supplier.name),
        ("사업장주소", supplier.address),
        ("대표자명", supplier.representative_name),
    ]


def _details_of(receipt: Receipt) -> list[tuple[str, str]]:
    details = [
        ("결제 주문번호", receipt.provider_order_id),
        ("주문자", receipt.payer),
        ("결제일", _day(receipt.paid_at)),
        ("결제수단", receipt.method_ko),
        ("결제금액", f"{_won(receipt.amount_krw)} (VAT 포함)"),
    ]
    cancellation = receipt.cancellation
    if cancellation is not None and cancellation.ended_at is not None:
        details += [
            ("취소일", _day(cancellation.ended_at)),
            ("취소 수수료", _won(cancellation.fee_krw)),
            ("취소금액", f"{_won(cancellation.payout_krw)} (VAT 포함)"),
        ]
    return details


def _day(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d}"


def _won(amount_krw: int) -> str:
    return f"{amount_krw:,}원"
