"""What the API shows of invoices, to masters and to operators."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from wallet.domain.invoice import CarryOver, Invoice, InvoiceOrder
from wallet.domain.issuing import ClosedMonth, MonthState

AMOUNT_MAX_KRW = 1_000_000_000_000
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
NOTICES_KO = (
    (
        "전월 1일 - 말일까지의 쿠폰 발행 성공 내역을 기준으로 매월 1일 청구서가 발행됩니다."
        " (관리자에 의해 청구 금액은 변동될 수 있습니다)"
    ),
    (
        "청구 금액과 실제 주문내역의 금액은 상이할 수 있습니다."
        " (주문만 하고, 쿠폰이 수신자에게 발행되지 않은 쿠폰은 정산 금액 대상에서 제외됩니다.)"
    ),
    "청구서는 발행일로부터 5년간 보관하며, 그 이후 즉시 파기됩니다.",
)
"""The manual's own words (manual 6-2)."""


class InvoicePath(BaseModel):
    invoice_id: UUID


class InvoiceView(BaseModel):
    """정산 금액 never changes by itself; what was carried over and what is billed are shown beside it."""

    invoice_id: UUID
    document_number: str = Field(examples=["MCOM-129"])
    invoice_month: str = Field(description="청구서 발행 월, YYYY-MM")
    month: str = Field(description="the Seoul month whose coupons it settles, YYYY-MM")
    coupons: int
    settled_krw: int = Field(description="정산 금액")
    carried_krw: int = Field(description="이월취소금액")
    billed_krw: int = Field(description="청구 금액")
    issued_at: datetime
    paid_on: date | None
    revision: int = Field(description="above 1 when it was restated")


class KeptInvoice(BaseModel):
    """A month whose details can be chosen."""

    invoice_id: UUID
    invoice_month: str


class Invoices(BaseModel):
    """청구 내역 of the last months, and every kept month to choose from, newest first."""

    recent: list[InvoiceView]
    kept: list[KeptInvoice]


class InvoiceDetail(InvoiceView):
    """The head of 청구 상세 내역."""

    period_from: date
    period_until: date
    period_ko: str
    notices_ko: list[str]


class InvoiceOrderView(BaseModel):
    """A row: what was ordered at first, and what of it was issued in the month."""

    no: int
    order_id: UUID
    order_number: str
    order_name: str
    placed_at: datetime
    ordered_krw: int
    ordered_coupons: int
    settled_krw: int
    settled_coupons: int


class InvoiceOrderPage(BaseModel):
    items: list[InvoiceOrderView]
    next_cursor: str | None


class PrintQuery(BaseModel):
    dated_on: date | None = Field(default=None, description="거래일자 of this print only; absent: today in Seoul")


class CarryOverView(BaseModel):
    """A part of an 이월취소 that the invoice took up."""

    carry_over_id: UUID
    amount_krw: int = Field(description="of the whole carry-over")
    taken_up_krw: int = Field(description="by this invoice")
    left_krw: int = Field(description="goes to the next invoice")
    reason: str
    operator_id: UUID | None
    revocation_id: UUID | None
    entered_at: datetime


class OperatorInvoice(InvoiceView):
    """An invoice as operators see it."""

    company_id: UUID
    company_name: str


class OperatorInvoiceDetail(OperatorInvoice):
    carry_overs: list[CarryOverView]


class OperatorInvoicePage(BaseModel):
    items: list[OperatorInvoice]
    next_cursor: str | None


class CarryOverBody(BaseModel):
    amount_krw: Annotated[int, Field(strict=True, ge=1, le=AMOUNT_MAX_KRW)]
    reason: Reason


class PaidBody(BaseModel):
    paid_on: date = Field(description="the Seoul day on which the money came")


class RestateBody(BaseModel):
    reason: Reason


class IssuedView(BaseModel, from_attributes=True):
    coupons: int
    amount_krw: int


class ClosedMonthView(BaseModel):
    """A month that ordering closed. It waits while what was captured is not what was counted."""

    company_id: UUID
    month: str
    state: MonthState
    counted: IssuedView
    captured: IssuedView
    late: IssuedView = Field(description="captured after the month was settled: in no invoice until it is restated")
    closed_at: datetime
    invoice_id: UUID | None


class ClosedMonthPage(BaseModel):
    items: list[ClosedMonthView]
    next_cursor: str | None


def invoice_fields(invoice: Invoice) -> dict[str, object]:
    """What every view of an invoice shows."""
    return {
        "invoice_id": invoice.id,
        "document_number": invoice.document_number,
        "invoice_month": invoice.invoice_month,
        "month": invoice.month,
        "coupons": invoice.coupons,
        "settled_krw": invoice.settled_krw,
        "carried_krw": invoice.carried_krw,
        "billed_krw": invoice.billed_krw,
        "issued_at": invoice.issued_at,
        "paid_on": invoice.paid_on,
        "revision": invoice.revision,
    }


def detail_of(invoice: Invoice) -> InvoiceDetail:
    """The head of an invoice's details."""
    first, last = invoice.period
    return InvoiceDetail.model_validate(
        invoice_fields(invoice)
        | {
            "period_from": first,
            "period_until": last,
            "period_ko": f"{_day_ko(first)} - {_day_ko(last)} 이용 내역에 대한 청구서",
            "notices_ko": list(NOTICES_KO),
        }
    )


def order_view(row: InvoiceOrder) -> InvoiceOrderView:
    """A row as the API shows it."""
    return InvoiceOrderView.model_validate(row, from_attributes=True)


def carry_over_view(carry_over: CarryOver, taken_up_krw: int) -> CarryOverView:
    """A carry-over as operators see it beside an invoice."""
    return CarryOverView(
        carry_over_id=carry_over.id,
        amount_krw=carry_over.amount_krw,
        taken_up_krw=taken_up_krw,
        left_krw=carry_over.left_krw,
        reason=carry_over.reason,
        operator_id=carry_over.operator_id,
        revocation_id=carry_over.revocation_id,
        entered_at=carry_over.entered_at,
    )


def closed_month_view(month: ClosedMonth) -> ClosedMonthView:
    """A closed month as operators see it."""
    return ClosedMonthView.model_validate(month, from_attributes=True)


def _day_ko(day: date) -> str:
    return f"{day.year}년 {day.month:02d}월 {day.day}일"
