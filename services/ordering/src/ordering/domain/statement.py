"""Statements (거래명세서): what was issued of orders, as it stands when they are made (ORD-31, ORD-34)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from ordering.domain.errors import OrderingError
from ordering.domain.order import OrderState

STATED = frozenset({OrderState.SENDING, OrderState.SENT})


class StatementStateRefusedError(OrderingError):
    """Only orders being sent or sent are stated; names the first that is not, and how many there are (ORD-31)."""

    def __init__(self, order_number: str, state: str, count: int) -> None:
        super().__init__(f"{order_number} is {state}")
        self.order_number = order_number
        self.state = state
        self.count = count


class StatementOrdersCountError(OrderingError):
    """A statement holds at least one order and no more than are allowed (ORD-31)."""

    def __init__(self, count: int, orders_max: int) -> None:
        super().__init__(f"{count} orders")
        self.count = count
        self.orders_max = orders_max


class StatementUnknownError(OrderingError):
    """The caller made no such statement."""


@dataclass(frozen=True)
class Seller:
    """공급자, as it is printed."""

    business_number: str
    name: str
    address: str
    representative_name: str


@dataclass(frozen=True)
class Buyer:
    """공급받는 자, who asks, and 공급받는 업체."""

    email: str
    company_name: str


@dataclass(frozen=True)
class StatedOrder:
    """A row of 주문목록; the amount is the confirmed one in KRW."""

    order_number: str
    order_name: str
    order_type: str
    placed_at: datetime
    started_at: datetime
    amount_krw: int


@dataclass(frozen=True)
class IssuedCoupons:
    """Coupons of one product of one order that were issued and not revoked."""

    order_id: UUID
    product_id: UUID
    brand_name: str
    product_name: str
    validity_days: int
    sale_price_krw: int
    coupons: int

    @property
    def amount_krw(self) -> int:
        """What they cost together."""
        return self.sale_price_krw * self.coupons


@dataclass(frozen=True)
class StatedProduct:
    """A row of 결제내역 상세: one a product, validity and price."""

    brand_name: str
    product_name: str
    validity_days: int
    price_krw: int
    coupons: int

    @property
    def amount_krw(self) -> int:
        """The row's sum in KRW."""
        return self.price_krw * self.coupons


@dataclass(frozen=True)
class Statement:
    """A statement as it was made, and as it is printed ever after."""

    number: str
    issued_at: datetime
    buyer: Buyer
    seller: Seller
    orders: tuple[StatedOrder, ...]
    """Oldest first."""
    products: tuple[StatedProduct, ...]

    @property
    def title(self) -> str:
        """The newest order's name, with how many others there are."""
        others = len(self.orders) - 1
        return self.orders[-1].order_name + (f" 외 {others}건" if others else "")

    @property
    def total_krw(self) -> int:
        """합계금액 of the orders, which is that of the products."""
        return sum(order.amount_krw for order in self.orders)

    @property
    def coupons(self) -> int:
        """How many coupons the products count together."""
        return sum(product.coupons for product in self.products)

    @property
    def products_total_krw(self) -> int:
        """합계금액 of the products."""
        return sum(product.amount_krw for product in self.products)


def statement_number(issued_at: datetime, zone: tzinfo) -> str:
    """`MCOM_` and the moment to the millisecond."""
    local = issued_at.astimezone(zone)
    return f"MCOM_{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"


def amounts_of(issued: Iterable[IssuedCoupons]) -> dict[UUID, int]:
    """What was issued of each order, in KRW."""
    amounts: dict[UUID, int] = defaultdict(int)
    for coupons in issued:
        amounts[coupons.order_id] += coupons.amount_krw
    return amounts


def products_of(issued: Sequence[IssuedCoupons]) -> tuple[StatedProduct, ...]:
    """One row a product, validity and price, over all orders."""
    counts: dict[tuple[str, str, int, int, UUID], int] = defaultdict(int)
    for one in issued:
        key = (one.brand_name, one.product_name, one.validity_days, one.sale_price_krw, one.product_id)
        counts[key] += one.coupons
    return tuple(
        StatedProduct(brand_name, product_name, validity_days, price_krw, coupons)
        for (brand_name, product_name, validity_days, price_krw, _), coupons in sorted(counts.items())
    )
