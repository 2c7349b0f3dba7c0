"""What ordering says of coupons: issued, failed, chosen, revoked, and a month of their issue closed."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.event import Event, EventKind
from contracts.values import CompanyId, Count, Krw, LineId, MemberId, OfferId, OrderId, SeoulMonth, UtcTime


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
