"""A quote (견적서): what an order would cost, for either order type (CAT-08, ORD-35)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from catalog.domain.errors import QuoteIncomplete, QuoteRecipientsCount
from catalog.domain.rules import CatalogRules

SEOUL = ZoneInfo("Asia/Seoul")


class QuotedOrderType(StrEnum):
    """일반형 and 선택형."""

    FIXED = "fixed"
    CHOICE = "choice"


@dataclass(frozen=True)
class QuoteLine:
    """A product with the validity chosen, at the prices of issue in KRW."""

    product_id: UUID
    brand_name: str
    product_name: str
    validity_days: int
    face_price_krw: int
    sale_price_krw: int


@dataclass(frozen=True)
class Figures:
    """합계, 할인 and 최종 금액 of ORD-35: per recipient, and times the recipients."""

    face_each_krw: int
    sale_each_krw: int
    recipients: int

    @property
    def list_amount_krw(self) -> int:
        """합계 금액."""
        return self.face_each_krw * self.recipients

    @property
    def pay_amount_krw(self) -> int:
        """최종 결제 금액."""
        return self.sale_each_krw * self.recipients

    @property
    def discount_amount_krw(self) -> int:
        """할인 금액, negative when the order costs less than its face prices."""
        return self.pay_amount_krw - self.list_amount_krw


@dataclass(frozen=True)
class SupplierParty:
    """공급자, as on every document (ORD-31)."""

    business_number: str
    name: str
    address: str
    representative_name: str


@dataclass(frozen=True)
class Quote:
    """A quote as it was issued; nothing in it changes afterwards."""

    id: UUID
    number: str
    issued_at: datetime
    member_id: UUID
    company_id: UUID
    company_name: str
    supplier: SupplierParty
    order_type: QuotedOrderType
    recipients: int
    valid_days: int
    lines: tuple[QuoteLine, ...]

    @property
    def issued_on(self) -> date:
        """The day of issue in Asia/Seoul."""
        return self.issued_at.astimezone(SEOUL).date()

    @property
    def valid_until_on(self) -> date:
        """The last day on which the quote is valid, in Asia/Seoul; prices are not promised (CAT-08)."""
        return self.issued_on + timedelta(days=self.valid_days)

    @property
    def figures(self) -> Figures:
        """The sums of the order type chosen."""
        return figures_of(self.order_type, self.lines, self.recipients)


def figures_of(order_type: QuotedOrderType, lines: Sequence[QuoteLine], recipients: int) -> Figures:
    """The sums of ORD-35: of all products, or of the one with the highest sale price, the first of equals."""
    # max() keeps the first of equals.
    counted = lines if order_type is QuotedOrderType.FIXED else [max(lines, key=lambda line: line.sale_price_krw)]
    return Figures(
        sum(line.face_price_krw for line in counted), sum(line.sale_price_krw for line in counted), recipients
    )


def admit(products: int, recipients: int, rules: CatalogRules) -> None:
    """Refuse what no cart and no order could hold. Raises `QuoteIncomplete`, `QuoteRecipientsCount` (CAT-08)."""
    if not 1 <= recipients <= rules.quote_recipients_max:
        raise QuoteRecipientsCount(recipients, rules.quote_recipients_max)
    if not 1 <= products <= rules.cart_lines_max:
        raise QuoteIncomplete(products, rules.cart_lines_max)


def quote_number(issued_on: date, running_number: int) -> str:
    """The number that a document carries: the day and a number that goes on across days."""
    return f"Q{issued_on:%Y%m%d}-{running_number:06d}"
