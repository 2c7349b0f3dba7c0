"""An order form as it is looked at before placing, and what is said of it."""

from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from ordering.api.order_models import NewOrder, Text
from ordering.api.scheduled_models import NOTICES
from ordering.application.previewing import Preview, RenderedMessage
from ordering.domain.prices import Item
from ordering.domain.schedule import Schedule

NO_TEMPLATE = UUID(int=0)
"""Of a form on which none has been chosen yet: no template has it."""


class OrderForm(NewOrder):
    """A form in any state of being filled in: what is missing is among the faults."""

    send_title: Text = ""
    offer_ids: list[UUID] = Field(default_factory=list, max_length=1000)
    template_id: UUID = NO_TEMPLATE
    pay_amount_krw: int = Field(default=-1, ge=-1, le=10**15, description="the amount seen; -1 when none was yet")
    agreed_terms: bool = True
    message_row_no: int | None = Field(default=None, ge=1, description="whose message is shown; the first by default")


class CardAnswer(BaseModel):
    """A card of the page that a message opens (ORD-14)."""

    model_config = ConfigDict(from_attributes=True)

    code: str
    theme: str
    name: str


class CardList(BaseModel):
    """All cards, by theme; the first is the default."""

    items: list[CardAnswer]
    next_cursor: None = None


class PriceLine(BaseModel):
    """One product of the form, at its price of this moment (ORD-36)."""

    item_no: int
    offer_id: UUID
    brand_name: str
    product_name: str
    validity_days: int
    face_price_krw: int
    sale_price_krw: int
    is_default: bool


class MessageRow(BaseModel):
    """Whose message is looked at, with the template's version and the values that fill it."""

    model_config = ConfigDict(from_attributes=True)

    row_no: int
    template_id: UUID
    template_version: int
    values: dict[str, str]


class CouponMessage(BaseModel):
    """The message of the coupon page as one recipient reads it, with its size (ORD-14)."""

    row_no: int
    text: str
    bytes_cp949: int
    characters: int


class Window(BaseModel):
    """When a scheduled order can be sent (ORD-08); `/v1/orders/send-times` lists the times of a day."""

    first_at: datetime
    last_on: date
    step_minutes: int
    is_night_restricted: bool
    day_begins_hour: int | None = Field(description="Seoul; of restricted products, which go out from then to midnight")
    notices: list[str] = Field(description="the manual's, beside the picker")


class JudgedOrder(BaseModel):
    """Why this order would not be placed now, but for its money, and every figure of the form; amounts in KRW.

    `each_*` are the sums for one recipient: `1건당 N원 * N명`.
    """

    faults: list[dict[str, Any]] = Field(description="each as placing would say it, in the order of placing")
    heading: str
    is_single_recipient: bool = Field(description="repeated numbers are refused, whatever is switched on (ORD-10)")
    lines: list[PriceLine]
    recipients: int
    each_list_krw: int
    each_pay_krw: int
    list_amount_krw: int
    discount_amount_krw: int
    pay_amount_krw: int
    cash_like_krw: int
    window: Window
    message_row: MessageRow | None
    coupon_card: str
    coupon_message: CouponMessage | None

    @classmethod
    def of(cls, preview: Preview, faults: list[dict[str, Any]]) -> Self:
        """The answer for a preview; `faults` are its faults as problems."""
        judged, figures = preview.judged, preview.judged.figures
        recipients = len(judged.recipients)
        return cls(
            faults=faults,
            heading=_heading(judged.items, judged.default_item_no),
            is_single_recipient=any(item.offer.single_recipient for item in judged.items),
            lines=[_line(item, judged.default_item_no) for item in judged.items],
            recipients=recipients,
            each_list_krw=figures.list_amount_krw // max(recipients, 1),
            each_pay_krw=figures.pay_amount_krw // max(recipients, 1),
            list_amount_krw=figures.list_amount_krw,
            discount_amount_krw=-figures.discount_amount_krw,
            pay_amount_krw=figures.pay_amount_krw,
            cash_like_krw=figures.cash_like_krw,
            window=_window(judged.schedule),
            message_row=preview.message_row and MessageRow.model_validate(preview.message_row),
            coupon_card=judged.coupon_page.card,
            coupon_message=preview.coupon_message and _coupon_message(preview.coupon_message),
        )


def _window(schedule: Schedule) -> Window:
    return Window(
        first_at=schedule.first_at,
        last_on=schedule.last_on,
        step_minutes=schedule.limits.step_minutes,
        is_night_restricted=schedule.night_restricted,
        day_begins_hour=schedule.limits.day_begins_hour if schedule.night_restricted else None,
        notices=list(NOTICES),
    )


def _heading(items: tuple[Item, ...], default_item_no: int | None) -> str:
    """`주문상품: N건`; a choice is titled by its default item (ORD-36)."""
    if default_item_no is None:
        return f"주문상품: {len(items)}건"
    name = next(item.offer.product_name for item in items if item.item_no == default_item_no)
    return f"{name} 외 {len(items) - 1}건"


def _line(item: Item, default_item_no: int | None) -> PriceLine:
    return PriceLine(
        item_no=item.item_no,
        offer_id=item.offer.offer_id,
        brand_name=item.offer.brand_name,
        product_name=item.offer.product_name,
        validity_days=item.offer.validity_days,
        face_price_krw=item.offer.face_price_krw,
        sale_price_krw=item.sale_price_krw,
        is_default=item.item_no == default_item_no,
    )


def _coupon_message(message: RenderedMessage) -> CouponMessage:
    return CouponMessage(
        row_no=message.row_no,
        text=message.text,
        bytes_cp949=message.size.bytes_cp949,
        characters=message.size.characters,
    )
