"""What members see of orders: read models, each read by a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from contracts.wallet import RefusalReason
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState
from ordering.domain.errors import FundsShortError, OrderUnknownError, ReservationTimedOutError
from ordering.domain.order import OrderState, OrderType, Shortfall, Tally


@dataclass(frozen=True)
class Viewer:
    """Who looks: a master sees the company's orders, a sub-member its own (ORD-24)."""

    company_id: UUID
    member_id: UUID
    is_master: bool


@dataclass(frozen=True)
class OrderView:
    """One order as lists show it; amounts in KRW."""

    order_id: UUID
    order_number: str
    order_name: str
    order_type: str
    send_title: str
    external_id: str | None
    member_id: UUID
    member_name: str | None
    state: OrderState
    version: int
    products: int
    list_amount_krw: int
    pay_amount_krw: int
    confirmed_amount_krw: int
    tally: Tally
    shortfall: Shortfall | None
    placed_at: datetime
    send_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    default_item_no: int | None = None
    member_email: str | None = None

    @property
    def coupons(self) -> int:
        """전체 쿠폰 수: one a recipient in a choice order, one a recipient and product in a fixed one."""
        return self.tally.recipients * (self.products if self.default_item_no is None else 1)


@dataclass(frozen=True)
class OrderFilter:
    """What a list is narrowed to; None is everything (ORD-23). Times are aware; `placed_before` is left out itself."""

    placed_from: datetime | None = None
    placed_before: datetime | None = None
    state: OrderState | None = None
    order_type: OrderType | None = None
    orderer_id: UUID | None = None
    words: str | None = None
    """Part of the order's name or number."""
    external_id: str | None = None


EVERYTHING = OrderFilter()


@dataclass(frozen=True)
class ItemView:
    """A product of an order at the prices of placing, in KRW."""

    item_no: int
    offer_id: UUID
    product_id: UUID
    brand_name: str
    product_name: str
    validity_days: int
    face_price_krw: int
    sale_price_krw: int
    image_path: str


@dataclass(frozen=True)
class CouponView:
    """A coupon of a recipient; the number is masked (ORD-25)."""

    item_no: int
    product_name: str
    state: CouponState
    number_masked: str | None
    expires_at: datetime | None
    failure_code: str | None


@dataclass(frozen=True)
class LineView:
    """A recipient with coupons; the orderer sees the phone, no repr does."""

    line_id: UUID
    line_no: int
    phone: str = field(repr=False)
    name: str = field(repr=False)
    company: str
    title: str
    dispatch: DispatchState
    channel: str | None
    dispatch_ended_at: datetime | None
    coupons: tuple[CouponView, ...]
    resends: int = 0
    is_being_resent: bool = False


@dataclass(frozen=True)
class CouponNumber:
    """A coupon's number; shown by no repr."""

    item_no: int
    product_name: str
    number: str = field(repr=False)


@dataclass(frozen=True)
class FlaggedCoupon:
    """A coupon that the supplier keeps, or may keep, though it was paid back: operators settle it."""

    tr_id: str
    order_id: UUID
    order_number: str
    line_no: int
    item_no: int
    code: str | None
    called_at: datetime


class OrderViews(Protocol):
    """Reading orders."""

    def order(self, order_id: UUID, viewer: Viewer) -> OrderView | None:
        """The order, if the viewer may see it."""

    def items(self, order_id: UUID) -> Sequence[ItemView]:
        """The order's products."""

    def page(
        self, viewer: Viewer, before: UUID | None, limit: int, narrowed: OrderFilter = EVERYTHING
    ) -> Sequence[OrderView]:
        """Orders that the filter lets through, placed before the one named, newest first."""

    def lines(self, order_id: UUID, after_line_no: int, limit: int) -> Sequence[LineView]:
        """Recipients after the one named, in order, each with its coupons."""

    def line(self, order_id: UUID, line_id: UUID) -> LineView:
        """One recipient that is known to be the order's."""

    def numbers(self, order_id: UUID, line_id: UUID) -> Sequence[CouponNumber] | None:
        """The numbers of a recipient's coupons, in order; None when the order has no such recipient."""

    def flagged(self, after: tuple[datetime, str] | None, limit: int) -> Sequence[FlaggedCoupon]:
        """Coupons left to operators, oldest first, after the time and key of the last one seen."""


def order_of(order_id: UUID, viewer: Viewer, views: OrderViews) -> OrderView:
    """The order. Raises `OrderUnknownError`, also for one that the viewer may not see."""
    order = views.order(order_id, viewer)
    if order is None:
        raise OrderUnknownError
    return order


def refuse_rejected(order: OrderView) -> None:
    """Raise `FundsShortError` or `ReservationTimedOutError` when the order was rejected."""
    if order.state is not OrderState.REJECTED or order.shortfall is None:
        return
    reason = RefusalReason(order.shortfall.reason)
    if reason is RefusalReason.WITHDRAWN:
        raise ReservationTimedOutError(order.order_id)
    raise FundsShortError(
        order.order_id,
        reason.value,
        reason.ko,
        required_krw=order.shortfall.required_krw,
        available_krw=order.shortfall.available_krw,
    )
