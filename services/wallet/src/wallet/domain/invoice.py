"""Invoices of postpaid companies (청구서): what was issued in a month, less what was carried over (WAL-12 … WAL-15)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from wallet.domain.invoice_errors import InvoicePaidError
from wallet.domain.month import period_of, seoul_date, seoul_month

NUMBER_PREFIX = "MCOM-"


@dataclass(frozen=True)
class Invoice:
    """The invoice of one month of issue; its settled amount never changes unless an operator restates it."""

    id: UUID
    company_id: UUID
    number: int
    month: str
    """The Seoul month whose coupons it settles, YYYY-MM."""
    coupons: int
    settled_krw: int
    issued_at: datetime
    carried_krw: int = 0
    revision: int = 1
    """Above 1 when it was restated."""
    paid_on: date | None = None

    @property
    def billed_krw(self) -> int:
        """청구 금액: what is to be paid, never below 0 (WAL-14)."""
        return self.settled_krw - self.carried_krw

    @property
    def document_number(self) -> str:
        """문서번호, the same at each printing."""
        return f"{NUMBER_PREFIX}{self.number}"

    @property
    def invoice_month(self) -> str:
        """청구서 발행 월: the month after the one that it settles, YYYY-MM."""
        return month_after(self.month)

    @property
    def period(self) -> tuple[date, date]:
        """First and last day that it settles."""
        return period_of(self.month)

    def must_be_open(self) -> None:
        """Raises `InvoicePaidError`: nothing about it changes once it was marked paid."""
        if self.paid_on is not None:
            raise InvoicePaidError(self.id)

    def paid(self, paid_on: date) -> "Invoice":
        """The invoice once its money came. Raises `InvoicePaidError`."""
        self.must_be_open()
        return replace(self, paid_on=paid_on)

    def restated(self, coupons: int, settled_krw: int) -> "Invoice":
        """The invoice with other figures, which it shows as another revision. Raises `InvoicePaidError`."""
        self.must_be_open()
        return replace(self, coupons=coupons, settled_krw=settled_krw, revision=self.revision + 1)


@dataclass(frozen=True)
class InvoiceOrder:
    """A row of 청구 상세 내역: what was ordered at first, and what of it this month settles (WAL-13)."""

    no: int
    order_id: UUID
    order_number: str
    order_name: str
    placed_at: datetime
    ordered_krw: int
    ordered_coupons: int
    settled_krw: int
    settled_coupons: int


@dataclass(frozen=True)
class CarryOver:
    """이월취소: taken off invoices, by an operator or because coupons were revoked that had been invoiced (WAL-14)."""

    id: UUID
    company_id: UUID
    amount_krw: int
    reason: str
    entered_at: datetime
    left_krw: int
    """What no invoice took up yet: it goes to the next one."""
    operator_id: UUID | None = None
    revocation_id: UUID | None = None


@dataclass(frozen=True)
class CarriedPart:
    """How much of a carry-over an invoice took up."""

    invoice_id: UUID
    amount_krw: int


def allot(amount_krw: int, invoices: Iterable[Invoice]) -> tuple[tuple[CarriedPart, ...], int]:
    """Spread a carry-over over open invoices in the order given, none below 0; the parts, and what is left over."""
    parts: list[CarriedPart] = []
    for invoice in invoices:
        taken_krw = min(amount_krw, invoice.billed_krw)
        if taken_krw > 0:
            parts.append(CarriedPart(invoice.id, taken_krw))
            amount_krw -= taken_krw
    return tuple(parts), amount_krw


def month_after(month: str) -> str:
    """The month that follows, YYYY-MM."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def months_back(at: datetime, months: int) -> str:
    """The first of so many months that end with the present Seoul month, YYYY-MM."""
    present = seoul_month(at)
    count = int(present[:4]) * 12 + int(present[5:]) - 1 - (months - 1)
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def last_day_issued_to_destroy(at: datetime, kept_years: int) -> date:
    """The last Seoul day of issue whose invoices have been kept for so many years."""
    today = seoul_date(at)
    try:
        return today.replace(year=today.year - kept_years)
    except ValueError:
        return today.replace(year=today.year - kept_years, day=28)


def title_of(first_order_name: str, orders: int) -> str:
    """주문명 of an invoice: `A 외 N건`."""
    return first_order_name if orders <= 1 else f"{first_order_name} 외 {orders - 1}건"
