"""What wallet says: reservations, charges, refunds and limits."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from contracts.event import Event, EventKind, StateEvent
from contracts.values import CompanyId, Count, Krw, MemberId, OrderId, Sealed, SeoulMonth, UtcTime, Version


class RefusalReason(StrEnum):
    """Which figure was short, or why nothing could be judged."""

    BALANCE = "balance"
    CREDIT_LINE = "credit_line"
    SPENDING_LIMIT = "spending_limit"
    SPENDING_LIMIT_MISSING = "spending_limit_missing"
    CASH_LIKE_NOT_PERMITTED = "cash_like_not_permitted"
    CASH_LIKE_LIMIT = "cash_like_limit"
    NO_ACCOUNT = "no_account"
    WITHDRAWN = "withdrawn"

    @property
    def ko(self) -> str:
        """The figure as people call it, for whoever tells them of a refusal (ORD-15)."""
        return _KOREAN[self]


_KOREAN = {
    RefusalReason.BALANCE: "충전금",
    RefusalReason.CREDIT_LINE: "후불 한도",
    RefusalReason.SPENDING_LIMIT: "월 구매한도",
    RefusalReason.SPENDING_LIMIT_MISSING: "월 구매한도 없음",
    RefusalReason.CASH_LIKE_NOT_PERMITTED: "환금성 상품 구매 권한 없음",
    RefusalReason.CASH_LIKE_LIMIT: "환금성 상품 한도",
    RefusalReason.NO_ACCOUNT: "이용할 수 없는 결제 계정",
    RefusalReason.WITHDRAWN: "결제 확인 지연",
}


class FundsReserved(Event):
    """The whole amount of an order is held."""

    type: ClassVar[str] = "wallet.funds_reserved.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An order's whole amount is held."

    order_id: OrderId
    company_id: CompanyId
    hold_id: UUID
    amount_krw: Krw
    reserved_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class FundsRefused(Event):
    """Nothing is held; the reason names the figure that was short, and by how much."""

    type: ClassVar[str] = "wallet.funds_refused.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An order's amount cannot be held, or its reservation was withdrawn."

    order_id: OrderId
    company_id: CompanyId
    reason: RefusalReason
    required_krw: Krw
    available_krw: Krw
    refused_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class ReservationReleased(Event):
    """A hold was made before its withdrawal came, and all of it has gone back."""

    type: ClassVar[str] = "wallet.reservation_released.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A withdrawn reservation had been held; it was released whole."

    order_id: OrderId
    company_id: CompanyId
    hold_id: UUID
    amount_krw: Krw
    released_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class ChargeCredited(Event):
    """Charged money is on the balance (WAL-03)."""

    type: ClassVar[str] = "wallet.charge_credited.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A charge was credited to a company's balance."

    charge_id: UUID
    company_id: CompanyId
    amount_krw: Krw
    credited_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.charge_id)


class RefundOutcome(StrEnum):
    """환불 완료, 환불 반려, 환불 취소."""

    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class RefundDecided(Event):
    """A refund is over: paid out, or its whole amount is on the balance again (WAL-10)."""

    type: ClassVar[str] = "wallet.refund_decided.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A refund was paid out, rejected or cancelled."

    refund_id: UUID
    company_id: CompanyId
    member_id: MemberId
    outcome: RefundOutcome
    amount_krw: Krw
    payout_krw: Krw
    reason: str | None = None
    company_name: str
    member_name: str
    email: Sealed[str] | None = None
    """Where the member is told; absent when the wallet has not heard of the member yet."""
    decided_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.refund_id)


class LimitSet(StateEvent):
    """The present monthly limit of a sub-member (WAL-16); without `limit_krw` it is unlimited."""

    type: ClassVar[str] = "wallet.limit_set.v1"
    summary: ClassVar[str] = "A master set the monthly limit of a sub-member."

    member_id: MemberId
    company_id: CompanyId
    version: Version
    limit_krw: Krw | None

    @property
    def subject(self) -> str:
        return str(self.member_id)


class OpenMoneyCounted(Event):
    """Wallet's answer to identity's question (IDN-28)."""

    type: ClassVar[str] = "wallet.open_money_counted.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "How many invoices of a company are unpaid, and how many refunds are open."

    request_id: UUID
    company_id: CompanyId
    unpaid_invoices: Count
    open_refunds: Count
    counted_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.request_id)


class InvoiceIssued(Event):
    """A postpaid company's invoice of a month was made (WAL-12), or made again with other figures."""

    type: ClassVar[str] = "wallet.invoice_issued.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "The invoice of a closed month is there."

    invoice_id: UUID
    company_id: CompanyId
    month: SeoulMonth
    """The month whose coupons it settles; it is issued on the first of the next."""
    coupons: Count
    settled_krw: Krw
    billed_krw: Krw
    issued_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.invoice_id)


class BalanceLow(Event):
    """What a company has left fell below the threshold that its master chose; said once until it is above again."""

    type: ClassVar[str] = "wallet.balance_low.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A company's balance or monthly limit fell below its threshold."

    notice_id: UUID
    company_id: CompanyId
    threshold_krw: Krw
    available_krw: Krw
    noticed_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.notice_id)


class ForecastShort(Event):
    """The money that is there now would not pay for a near anniversary order (ANN-08)."""

    type: ClassVar[str] = "wallet.forecast_short.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A near anniversary order could not be paid with what is there now."

    plan_id: UUID
    company_id: CompanyId
    member_id: MemberId
    order_name: str
    day: date
    reason: RefusalReason
    required_krw: Krw
    available_krw: Krw
    judged_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.plan_id}/{self.day.isoformat()}"
