"""A recipient's choice: made once, final, and issued at once (ORD-26, ORD-28)."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from contracts.ordering.coupons import ChoiceMade
from ordering.application.opening import CouponPage, LinkedCoupon, LinkedLine, OpeningUnit, coupon_page, proven_line
from ordering.application.sending_ports import Chunks, Coupons
from ordering.domain.choice import ChosenBy, Pick
from ordering.domain.coupon import CouponState
from ordering.domain.errors import ChoiceOverError, ChoiceUnavailableError


class ChoosingUnit(OpeningUnit, Protocol):
    """One transaction in which a choice is made."""

    @property
    def chunks(self) -> Chunks: ...
    @property
    def coupons(self) -> Coupons: ...


def choose(link: str, proof: str | None, item_no: int, unit: ChoosingUnit) -> CouponPage:
    """Take the pick of who holds the proof; the same pick again is no news, because people press twice.

    Raises `LinkUnknownError`, `ChoiceOverError` when another product was picked before or none is to be picked, and
    `ChoiceUnavailableError`.
    """
    line = proven_line(link, proof, unit)
    if not line.is_choice:
        raise ChoiceOverError
    at = unit.now()
    # The chunk's lock comes first: whatever else concerns this coupon now waits, or is seen below.
    unit.chunks.reopen(line.order_id, line.line_no, at)
    (coupon,) = unit.recipients.coupons_of(line.line_id)
    if coupon.state is CouponState.AWAITING_CHOICE:
        _take(line, coupon, item_no, at, unit)
    elif coupon.item_no != item_no or coupon.state is CouponState.ISSUE_FAILED:
        raise ChoiceOverError
    return coupon_page(line, unit)


def _take(line: LinkedLine, coupon: LinkedCoupon, item_no: int, at: datetime, unit: ChoosingUnit) -> None:
    picked = next((one for one in unit.recipients.choices_of(line) if one.item_no == item_no), None)
    if picked is None or not picked.can_be_picked:
        raise ChoiceUnavailableError(item_no)
    if not unit.coupons.choose([Pick(line.line_id, coupon.item_no, item_no, ChosenBy.RECIPIENT, at)]):
        raise ChoiceOverError
    unit.outbox.add(_made(line, picked.offer_id, at))


def _made(line: LinkedLine, offer_id: UUID, at: datetime) -> ChoiceMade:
    return ChoiceMade(
        order_id=line.order_id,
        company_id=line.company_id,
        line_id=line.line_id,
        offer_id=offer_id,
        by_default=False,
        chosen_at=at,
    )
