"""What ordering says of orders: placed, accepted or refused, started, sent, cancelled."""

from typing import ClassVar
from uuid import UUID

from contracts.event import Event, EventKind
from contracts.values import (
    CompanyId,
    Count,
    Krw,
    MemberId,
    MemberRole,
    OrderId,
    OrderNumber,
    OrderType,
    SeoulMonth,
    UtcTime,
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


class ChoicesStopped(Event):
    """No product of a sent choice order can be had any more: who has not chosen gets none, and it is paid back."""

    type: ClassVar[str] = "ordering.choices_stopped.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "Every product of a choice order is discontinued; open choices are paid back (ORD-27)."

    order_id: OrderId
    company_id: CompanyId
    member_id: MemberId
    order_number: OrderNumber
    order_name: str
    recipients: Count
    """Those who had not chosen."""
    amount_krw: Krw
    """What is held for them, and goes back."""
    stopped_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.order_id)
