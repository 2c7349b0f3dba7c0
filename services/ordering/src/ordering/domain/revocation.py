"""Operators take issued coupons back (ORD-32): revoked once the supplier cancelled them, kept where he refuses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from ordering.domain.answers import Answer, Cancelled, CancelRefused, Stopped, Unsure
from ordering.domain.coupon import tr_id
from ordering.domain.errors import OrderingError
from ordering.domain.limits import IssuingPatience
from ordering.domain.state_table import StateTable


class RevocationState(StrEnum):
    """How far a coupon's revocation came."""

    OPEN = "open"
    """Hidden from its recipient, and being cancelled at the supplier."""
    REVOKED = "revoked"
    REFUSED = "refused"
    """The supplier keeps it valid, because it was used for instance: so do we, and nothing is paid back."""


class RevocationStep(StrEnum):
    """What the supplier says of it."""

    CANCELLED = "cancelled"
    CANCEL_REFUSED = "cancel_refused"
    UNSURE = "unsure"


REVOCATION_STATES: StateTable[RevocationState, RevocationStep] = StateTable(
    subject="revocation",
    initial=RevocationState.OPEN,
    moves={
        (RevocationState.OPEN, RevocationStep.CANCELLED): RevocationState.REVOKED,
        (RevocationState.OPEN, RevocationStep.CANCEL_REFUSED): RevocationState.REFUSED,
        # Cancelling again asks: a coupon that was cancelled says so.
        (RevocationState.OPEN, RevocationStep.UNSURE): RevocationState.OPEN,
    },
)


@dataclass(frozen=True)
class CouponPlace:
    """A coupon as operators name it: the recipient's number within the order, and the product's."""

    line_no: int
    item_no: int


class OrderNumberUnknownError(OrderingError):
    """No order has the number."""

    def __init__(self, order_number: str) -> None:
        super().__init__(order_number)
        self.order_number = order_number


class RevocationUnknownError(OrderingError):
    """No revocation has the id."""


class CouponsNotRevocableError(OrderingError):
    """Only issued coupons that are not being revoked can be revoked; names those that cannot (ORD-32)."""

    def __init__(self, coupons: Sequence[CouponPlace]) -> None:
        super().__init__(f"{len(coupons)} coupons")
        self.count = len(coupons)
        self.coupons = [{"line_no": coupon.line_no, "item_no": coupon.item_no} for coupon in coupons]


class NothingToRevokeError(OrderingError):
    """The order has no coupon that could be revoked (ORD-32)."""


@dataclass(frozen=True, slots=True)
class RevokedCoupon:
    """A coupon that operators want back. Times are the business clock's."""

    revocation_id: UUID
    line_id: UUID
    item_no: int
    state: RevocationState
    tries: int
    next_at: datetime
    code: str | None = None
    ended_at: datetime | None = None

    @property
    def tr_id(self) -> str:
        """Its key at the supplier, under which it was issued."""
        return tr_id(self.line_id, self.item_no)


def learnt(coupon: RevokedCoupon, answer: Answer, at: datetime, patience: IssuingPatience) -> RevokedCoupon:
    """The coupon after the supplier's answer. Raises `StepRefusedError` when it was settled before."""
    if isinstance(answer, Cancelled):
        step = RevocationStep.CANCELLED
    elif isinstance(answer, CancelRefused):
        step = RevocationStep.CANCEL_REFUSED
    else:
        step = RevocationStep.UNSURE
    state = REVOCATION_STATES.next(coupon.state, step)
    return replace(
        coupon,
        state=state,
        tries=coupon.tries + isinstance(answer, Unsure),
        next_at=at + timedelta(seconds=_pause_seconds(coupon, answer, patience)),
        code=getattr(answer, "code", None),
        ended_at=at if REVOCATION_STATES.is_final(state) else None,
    )


def _pause_seconds(coupon: RevokedCoupon, answer: Answer, patience: IssuingPatience) -> float:
    if isinstance(answer, Stopped):
        return patience.stopped_retry_seconds
    return patience.next_asking_after(coupon.tries) if isinstance(answer, Unsure) else patience.retry_seconds
