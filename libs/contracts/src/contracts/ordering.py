"""What ordering says: orders, their coupons, and the messages it wants sent."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.event import Event, EventKind, StateEvent
from contracts.values import (
    CompanyId,
    Count,
    Krw,
    LineId,
    MemberId,
    MemberRole,
    OfferId,
    OrderId,
    OrderNumber,
    OrderType,
    PhoneNumber,
    Sealed,
    SeoulMonth,
    UtcTime,
    Version,
)


class OrderPlaced(Event):
    """An order waits for its money; wallet answers with FundsReserved or FundsRefused."""

    type: ClassVar[str] = "ordering.order_placed.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An order was placed and waits for its money."

    order_id: OrderId
    order_number: OrderNumber
    order_name: str
    order_type: OrderType
    company_id: CompanyId
    member_id: MemberId
    member_role: MemberRole
    recipients: Count
    coupons: Count | None = None
    """How many were ordered: one a recipient of a choice order, else one a recipient and product."""
    amount_krw: Krw
    cash_like_krw: Krw
    month: SeoulMonth
    placed_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class OrderAccepted(Event):
    """Money is reserved; cart lines that the order used can go (CAT-07)."""

    type: ClassVar[str] = "ordering.order_accepted.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An order's money is reserved: it will be sent."

    order_id: OrderId
    company_id: CompanyId
    member_id: MemberId
    cart_line_ids: tuple[UUID, ...] = ()
    accepted_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class OrderRejected(Event):
    """An order ended before it was accepted."""

    type: ClassVar[str] = "ordering.order_rejected.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An order was refused; nothing of it is reserved."

    order_id: OrderId
    company_id: CompanyId
    member_id: MemberId
    order_name: str = ""
    plan_id: UUID | None = None
    """The anniversary plan that made the order: its owner is told (ANN-09)."""
    reason: str
    rejected_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class ReservationWithdrawn(Event):
    """Ordering no longer waits for the money; wallet's one answer still ends the order."""

    type: ClassVar[str] = "ordering.reservation_withdrawn.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "Ordering gave up waiting for a reservation."

    order_id: OrderId
    company_id: CompanyId
    withdrawn_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class OrderCancelled(Event):
    """A scheduled order was cancelled before its sending: all of its money goes back (ORD-20)."""

    type: ClassVar[str] = "ordering.order_cancelled.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A scheduled order was cancelled: its whole reservation is released."

    order_id: OrderId
    company_id: CompanyId
    member_id: MemberId
    cancelled_by: MemberId
    amount_krw: Krw
    cancelled_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class SendingStarted(Event):
    """An order's sending began."""

    type: ClassVar[str] = "ordering.sending_started.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An order's sending began."

    order_id: OrderId
    company_id: CompanyId
    started_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class OfferTally(BaseModel):
    """How many coupons of one offer a chunk holds, and their sum at the prices of placing."""

    model_config = ConfigDict(frozen=True)

    offer_id: OfferId
    coupons: Count
    amount_krw: Krw


class CouponsIssued(Event):
    """A chunk's coupons were issued; (order, chunk, wave) names the fact for ever."""

    type: ClassVar[str] = "ordering.coupons_issued.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "Coupons of a chunk were issued: their price is captured."

    order_id: OrderId
    company_id: CompanyId
    chunk_no: Count
    wave: Count
    coupons: Count
    amount_krw: Krw
    difference_krw: Krw = 0
    """What of their reservation was not needed and goes back: cheaper picks of a choice order (ORD-03)."""
    cash_like_difference_krw: Krw = 0
    """By how much less they count against the cash-like limit than was reserved; may be more than the difference."""
    offers: tuple[OfferTally, ...]
    issued_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.order_id}/{self.chunk_no}/{self.wave}"


class ChoiceMade(Event):
    """A recipient picked one product of a choice order, or the default took its place; undone only by ORD-28."""

    type: ClassVar[str] = "ordering.choice_made.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A choice order's recipient has a product: picked, or by default."

    order_id: OrderId
    company_id: CompanyId
    line_id: LineId
    offer_id: OfferId
    by_default: bool
    chosen_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.line_id)


class CouponsFailed(Event):
    """Coupons of a chunk will not be issued; their price goes back (ORD-22)."""

    type: ClassVar[str] = "ordering.coupons_failed.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "Coupons of a chunk failed to issue: their price is released."

    order_id: OrderId
    company_id: CompanyId
    chunk_no: Count
    wave: Count
    coupons: Count
    amount_krw: Krw
    cash_like_krw: Krw | None = None
    """The part of the amount that was for cash-like products, which goes back to their limit (IDN-23)."""
    failed_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.order_id}/{self.chunk_no}/{self.wave}"


class DispatchRecipient(BaseModel):
    """What a message needs of its recipient; travels sealed only."""

    model_config = ConfigDict(frozen=True)

    phone: PhoneNumber
    values: dict[str, str]
    link: str


class DispatchRow(BaseModel):
    """One recipient of a chunk."""

    model_config = ConfigDict(frozen=True)

    line_id: LineId
    recipient: Sealed[DispatchRecipient]


class DispatchPurpose(StrEnum):
    """Why recipients get a message."""

    COUPONS = "coupons"
    DEFAULT_ITEM = "default_item"
    RESEND = "resend"


class DispatchRequested(Event):
    """Ordering asks messaging to hand a chunk of messages to the provider, at most once a cause and phone."""

    type: ClassVar[str] = "ordering.dispatch_requested.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A chunk of recipients is to be told, by alimtalk and else by MMS."

    order_id: OrderId
    company_id: CompanyId
    chunk_no: Count
    wave: Count
    purpose: DispatchPurpose
    template_id: UUID
    template_version: int
    sender_profile_id: UUID | None = None
    send_title: str
    rows: tuple[DispatchRow, ...]
    requested_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.order_id}/{self.chunk_no}/{self.wave}"


class OrderSent(Event):
    """Every recipient of the order ended in success, failure or error."""

    type: ClassVar[str] = "ordering.order_sent.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An order's sending is over, with counts by dispatch state."

    order_id: OrderId
    company_id: CompanyId
    member_id: MemberId
    order_number: OrderNumber | None = None
    order_name: str = ""
    success: Count
    failed: Count
    error: Count
    confirmed_amount_krw: Krw
    sent_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)


class SenderProfileUsed(StateEvent):
    """How many scheduled orders and active anniversaries will go out by a sender profile: such a one stays (MSG-03)."""

    type: ClassVar[str] = "ordering.sender_profile_used.v1"
    summary: ClassVar[str] = "A sender profile is used by so many scheduled orders and active anniversaries."

    company_id: CompanyId
    sender_profile_id: UUID
    uses: Count

    @property
    def subject(self) -> str:
        return str(self.sender_profile_id)


class OpenOrdersCounted(Event):
    """Ordering's answer to identity's question, counted after it was asked; orders awaiting money count as sending."""

    type: ClassVar[str] = "ordering.open_orders_counted.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "How many orders of a member or company are open, by what they wait for."

    request_id: UUID
    company_id: CompanyId
    member_id: MemberId | None = None
    scheduled: Count
    sending: Count
    awaiting_choice: Count
    """Sent orders with coupons that await their recipients' choice."""
    counted_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.request_id)


class IssuedInMonth(BaseModel):
    """Coupons that were issued in a Seoul month, and their sum at the prices of placing."""

    model_config = ConfigDict(frozen=True)

    month: SeoulMonth
    coupons: Count
    amount_krw: Krw


class CouponsRevoked(Event):
    """An operator revoked coupons of an order; their money goes back when the operator chose so (ORD-32).

    What the supplier cancels in several portions is said in as many events, each under an id of its own.
    """

    type: ClassVar[str] = "ordering.coupons_revoked.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "Coupons of an order were revoked, with or without their money going back."

    revocation_id: UUID
    order_id: OrderId
    company_id: CompanyId
    member_id: MemberId
    repaid: bool
    coupons: Count
    amount_krw: Krw
    cash_like_krw: Krw
    """The part of the amount that was for cash-like products (IDN-23)."""
    months: tuple[IssuedInMonth, ...]
    """The same coupons by the month of their issue: what was invoiced becomes a carry-over (WAL-14)."""
    revoked_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.revocation_id)


class IssuingMonthClosed(Event):
    """Nothing that is recorded from now on was issued in this month; revoked coupons are among those counted."""

    type: ClassVar[str] = "ordering.issuing_month_closed.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "What a company's coupons of a closed month count and sum to (WAL-12)."

    company_id: CompanyId
    month: SeoulMonth
    coupons: Count
    amount_krw: Krw
    closed_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.company_id}/{self.month}"


class PlanStopReason(StrEnum):
    """Why an anniversary plan turned itself off."""

    PRICE_CHANGED = "price_changed"
    DISCONTINUED = "discontinued"


class PlanStopped(Event):
    """An anniversary plan turned itself off; its owner is told why (ANN-05)."""

    type: ClassVar[str] = "ordering.plan_stopped.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An anniversary plan stopped by itself, because a product changed its price or is gone."

    plan_id: UUID
    version: Version
    company_id: CompanyId
    member_id: MemberId
    order_name: str
    reason: PlanStopReason
    product_name: str
    stopped_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.plan_id}/{self.version}"


class PlanDayNear(Event):
    """In three days a plan makes an order of this size; wallet judges whether the money is there (ANN-08)."""

    type: ClassVar[str] = "ordering.plan_day_near.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An anniversary order of this amount is near."

    plan_id: UUID
    company_id: CompanyId
    member_id: MemberId
    member_role: MemberRole
    order_name: str
    day: date
    recipients: Count
    amount_krw: Krw
    cash_like_krw: Krw
    said_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.plan_id}/{self.day.isoformat()}"
