"""Orders as they come in and go out over REST."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from chassis.bodies import RequestBody
from chassis.paging import PageQuery
from ordering.application.judging import PlaceOrder
from ordering.application.queries import ItemView, LineView, OrderView, Viewer
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState
from ordering.domain.line import Row
from ordering.domain.order import OrderState, OrderType
from ordering.domain.pace import Pace

TEXT_CHARACTERS_MAX = 400
"""No field of an order is longer; what its rule allows is judged by the rule."""

CART_LINES_MAX = 100
"""CAT-07: a cart has no more lines."""

Text = Annotated[str, StringConstraints(max_length=TEXT_CHARACTERS_MAX)]


class Recipient(RequestBody):
    """One recipient's row, as typed (ORD-09)."""

    phone: Text = ""
    name: Text = ""
    company: Text = ""
    title: Text = ""


class NewOrder(RequestBody):
    """A new order. `pay_amount_krw` is the 최종 결제 금액 that the orderer saw (ORD-15).

    `default_offer_id` is the 지정상품 of a `choice` order, the dearest product when it is missing (ORD-04).
    `send_at`, with its offset, makes it a scheduled one; without it it is sent at once (ORD-08).
    `coupon_card` and `coupon_message` are what [확인하러 가기] opens; without a message the alimtalk's (ORD-14).
    `sender_profile_id` names the company's channel that the messages come from; without it, it is the service's own.
    `cart_line_ids` are lines of the orderer's cart, which leave it when the order is accepted (CAT-07).
    """

    order_name: Text | None = None
    send_title: Text
    order_type: Literal["fixed", "choice"]
    offer_ids: Annotated[list[UUID], Field(max_length=1000)]
    default_offer_id: UUID | None = None
    recipients: Annotated[list[Recipient], Field(max_length=100_000)]
    template_id: UUID
    values: dict[Text, Text] = Field(default_factory=dict)
    pay_amount_krw: Annotated[int, Field(ge=0, le=10**15)]
    agreed_terms: bool
    terms_version: Text | None = None
    allow_repeated_phones: bool = False
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    cart_line_ids: Annotated[list[UUID], Field(max_length=CART_LINES_MAX)] = Field(default_factory=list)
    send_at: AwareDatetime | None = None
    sender_profile_id: UUID | None = None
    coupon_card: Text | None = None
    coupon_message: Annotated[str, StringConstraints(max_length=4_000)] | None = None

    def command(self, viewer: Viewer) -> PlaceOrder:
        """The use case's command for a member."""
        return PlaceOrder(
            company_id=viewer.company_id,
            member_id=viewer.member_id,
            order_name=self.order_name,
            send_title=self.send_title,
            offer_ids=tuple(self.offer_ids),
            rows=tuple(Row(row.phone, row.name, row.company, row.title) for row in self.recipients),
            template_id=self.template_id,
            values=self.values,
            pay_amount_krw=self.pay_amount_krw,
            agreed_terms=self.agreed_terms,
            terms_version=self.terms_version,
            repeats_allowed=self.allow_repeated_phones,
            external_id=self.external_id,
            cart_line_ids=tuple(self.cart_line_ids),
            send_at=self.send_at,
            order_type=OrderType(self.order_type),
            default_offer_id=self.default_offer_id,
            sender_profile_id=self.sender_profile_id,
            coupon_card=self.coupon_card,
            coupon_message=self.coupon_message,
        )


class OrderPath(BaseModel):
    """An order's address."""

    order_id: UUID


class OrderQuery(BaseModel):
    """A long poll: with `seen`, the answer comes when the order's version is another, or after `wait_seconds`."""

    wait_seconds: float = Field(default=0, ge=0, le=60, allow_inf_nan=False)
    seen: int | None = Field(default=None, ge=0, le=2**31 - 1)


class LineListQuery(PageQuery):
    """A page of recipients."""


class Counts(BaseModel):
    """총/성공/진행/실패/오류 (ORD-25)."""

    recipients: int
    success: int
    in_progress: int
    failed: int
    error: int


class OrderAnswer(BaseModel):
    """An order; amounts in KRW, times in UTC. `version` grows with every visible change."""

    model_config = ConfigDict(use_enum_values=True)

    order_id: UUID
    order_number: str
    order_name: str
    order_type: str
    send_title: str
    external_id: str | None
    orderer_id: UUID
    orderer_name: str | None
    orderer_email: str | None
    state: OrderState
    rejected_reason: str | None
    version: int
    products: int
    default_item_no: int | None
    coupons: int
    list_amount_krw: int
    discount_amount_krw: int
    pay_amount_krw: int
    confirmed_amount_krw: int
    counts: Counts
    placed_at: datetime
    send_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, order: OrderView) -> Self:
        """The answer for an order."""
        return cls(**_order_fields(order))


class ItemAnswer(BaseModel):
    """A product of the order at the prices of placing."""

    model_config = ConfigDict(from_attributes=True)

    item_no: int
    offer_id: UUID
    product_id: UUID
    brand_name: str
    product_name: str
    validity_days: int
    face_price_krw: int
    sale_price_krw: int
    image_path: str


class PaceAnswer(BaseModel):
    """How far the sending is at the moment of the answer.

    `per_second` is recipients ended a second on average since `started_at`; at that rate the rest will have ended at
    `ends_at`. Both are null while nobody has ended.
    """

    model_config = ConfigDict(from_attributes=True)

    percent: int
    per_second: float | None
    ends_at: datetime | None


class OrderDetail(OrderAnswer):
    """An order with its products; `pace` while it is being sent, else null."""

    items: list[ItemAnswer]
    pace: PaceAnswer | None

    @classmethod
    def with_items(cls, order: OrderView, items: list[ItemView], pace: Pace | None) -> Self:
        """The answer for an order and its products."""
        return cls(
            **_order_fields(order),
            items=[ItemAnswer.model_validate(item) for item in items],
            pace=None if pace is None else PaceAnswer.model_validate(pace),
        )


class OrderList(BaseModel):
    """Newest first."""

    items: list[OrderAnswer]
    next_cursor: str | None


class CouponAnswer(BaseModel):
    """A coupon; its number is masked (ORD-25)."""

    model_config = ConfigDict(from_attributes=True, use_enum_values=True)

    item_no: int
    product_name: str
    state: CouponState
    number_masked: str | None
    expires_at: datetime | None
    failure_code: str | None


class LineAnswer(BaseModel):
    """A recipient of an order, as its orderer sees it."""

    model_config = ConfigDict(from_attributes=True, use_enum_values=True)

    line_id: UUID
    line_no: int
    phone: str
    name: str
    company: str
    title: str
    dispatch: DispatchState
    channel: str | None
    dispatch_ended_at: datetime | None
    resends: int
    is_being_resent: bool
    coupons: list[CouponAnswer]


class LineList(BaseModel):
    """Recipients in the order in which they were placed."""

    items: list[LineAnswer]
    next_cursor: str | None


def line_answer(line: LineView) -> LineAnswer:
    """The answer for a recipient."""
    return LineAnswer.model_validate(line)


def _order_fields(order: OrderView) -> dict[str, object]:
    return {
        "order_id": order.order_id,
        "order_number": order.order_number,
        "order_name": order.order_name,
        "order_type": order.order_type,
        "send_title": order.send_title,
        "external_id": order.external_id,
        "orderer_id": order.member_id,
        "orderer_name": order.member_name,
        "orderer_email": order.member_email,
        "state": order.state,
        "rejected_reason": None if order.shortfall is None else order.shortfall.reason,
        "version": order.version,
        "products": order.products,
        "default_item_no": order.default_item_no,
        "coupons": order.coupons,
        "list_amount_krw": order.list_amount_krw,
        "discount_amount_krw": order.list_amount_krw - order.pay_amount_krw,
        "pay_amount_krw": order.pay_amount_krw,
        "confirmed_amount_krw": order.confirmed_amount_krw,
        "counts": Counts(
            recipients=order.tally.recipients,
            success=order.tally.success,
            in_progress=order.tally.in_progress,
            failed=order.tally.failed,
            error=order.tally.error,
        ),
        "placed_at": order.placed_at,
        "send_at": order.send_at,
        "started_at": order.started_at,
        "ended_at": order.ended_at,
    }
