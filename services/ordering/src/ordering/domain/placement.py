"""An order as it is placed: everything in it is frozen from then on (ORD-12, ORD-37)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ordering.domain.coupon_page import CouponPageText
from ordering.domain.line import Recipient
from ordering.domain.message import Template
from ordering.domain.order import OrderType
from ordering.domain.prices import Figures, Item


@dataclass(frozen=True)
class Placement:
    """A new order with its items and recipients; amounts in KRW."""

    order_id: UUID
    order_number: str
    company_id: UUID
    member_id: UUID
    member_role: str
    order_type: str
    order_name: str
    send_title: str
    external_id: str | None
    cart_line_ids: tuple[UUID, ...]
    template: Template
    typed_values: dict[str, str]
    terms_version: str | None
    items: tuple[Item, ...]
    recipients: tuple[Recipient, ...]
    figures: Figures
    chunk_lines: int
    placed_at: datetime
    send_at: datetime | None = None
    """When a scheduled order is sent; None is at once."""
    default_item_no: int | None = None
    """The 지정상품 of a choice order."""
    sender_profile_id: UUID | None = None
    """Whose channel the messages come from; the service's own without one."""
    coupon_page: CouponPageText | None = None
    """What [확인하러 가기] opens; the alimtalk's own text without one."""
    plan_id: UUID | None = None
    """The anniversary plan that the order comes from."""

    @property
    def coupons(self) -> int:
        """How many coupons are ordered: one a recipient of a choice order, else one a recipient and product."""
        return len(self.recipients) * (1 if self.order_type == OrderType.CHOICE else len(self.items))

    @property
    def is_choice(self) -> bool:
        """Whether each recipient picks one of the products."""
        return self.order_type == OrderType.CHOICE
