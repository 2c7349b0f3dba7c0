"""A coupon as its ticket on the page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from coupon_web.api.barcodes import Barcode, barcode_of
from coupon_web.domain.choice import Choice
from coupon_web.domain.coupon import ENDING_SOON_DAYS, SEOUL, Coupon, CouponState, grouped, korean_date

WORDS = {
    CouponState.ISSUED: "사용 가능",
    CouponState.USED: "사용 완료",
    CouponState.EXPIRED: "기간 만료",
    CouponState.REVOKED: "취소된 쿠폰",
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the page shows of a coupon; a barcode and a number only of one that can be used."""

    item_no: int
    state: CouponState
    word: str
    brand_name: str
    product_name: str
    picture_address: str | None
    until: str | None
    days_left: str | None
    is_ending_soon: bool
    notice: str
    number: str | None = field(default=None, repr=False)
    barcode: Barcode | None = field(default=None, repr=False)


def ticket_of(coupon: Coupon, at: datetime) -> Ticket:
    """The ticket of a coupon at a time."""
    state = coupon.state_at(at)
    is_usable = coupon.is_usable(at)
    days_left = coupon.days_left(at) if is_usable else None
    return Ticket(
        item_no=coupon.item_no,
        state=state,
        word=WORDS[state],
        brand_name=coupon.brand_name,
        product_name=coupon.product_name,
        picture_address=coupon.picture_address,
        until=korean_date(coupon.expires_on) if coupon.expires_on else None,
        days_left=_days_left(days_left),
        is_ending_soon=days_left is not None and days_left <= ENDING_SOON_DAYS,
        notice=coupon.notice,
        number=grouped(coupon.number) if is_usable and coupon.number else None,
        barcode=barcode_of(coupon.barcode_value) if is_usable and coupon.barcode_value else None,
    )


@dataclass(frozen=True, slots=True)
class ChoiceTicket:
    """What the page shows of a product to pick."""

    item_no: int
    can_be_picked: bool
    word: str
    brand_name: str
    product_name: str
    picture_address: str | None
    valid_for: str
    notice: str
    days_left: None = None


def choice_ticket_of(choice: Choice) -> ChoiceTicket:
    """The ticket of a product to pick."""
    return ChoiceTicket(
        item_no=choice.item_no,
        can_be_picked=choice.can_be_picked,
        word="선택 가능" if choice.can_be_picked else "판매 중지",
        brand_name=choice.brand_name,
        product_name=choice.product_name,
        picture_address=choice.picture_address,
        valid_for=f"발행일부터 {choice.validity_days}일",
        notice=choice.notice,
    )


def choosing_until(ends_at: datetime | None) -> str | None:
    """The last day for choosing, in words; the default item is issued the morning after."""
    if ends_at is None:
        return None
    return korean_date(ends_at.astimezone(SEOUL).date() - timedelta(days=1))


def _days_left(days: int | None) -> str | None:
    if days is None:
        return None
    return f"D-{days}" if days else "오늘까지"
