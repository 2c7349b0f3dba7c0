"""How an issued coupon stands at its supplier (ORD-19): when it is asked, and what its answer makes of the coupon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ordering.domain.answers import Answer, NotDone, Stands, Stopped, Unsure
from ordering.domain.coupon import COUPON_STATES, CouponState, CouponStep

_STEPS = {CouponState.USED: CouponStep.USED, CouponState.EXPIRED: CouponStep.EXPIRED}
"""What a supplier's report moves. A coupon that was discarded there without us stays what it is: money hangs on it."""


@dataclass(frozen=True)
class StandingPatience:
    """How often suppliers are asked. `lease_seconds` is how long a claim holds."""

    retry_seconds: float
    """How long an asking that brought no answer waits for the next."""
    after_expiry_seconds: float
    """The first pause between askings about a coupon whose time is over and whose supplier does not say so."""
    stopped_seconds: float
    """How long a supplier that takes nothing from us is left alone."""
    lease_seconds: float
    coupons_at_once_max: int


@dataclass(frozen=True)
class AskedCoupon:
    """An issued coupon about which its supplier is asked under the key of its issuing."""

    line_id: UUID
    item_no: int
    supplier: str
    tr_id: str
    expires_at: datetime


@dataclass(frozen=True)
class Standing:
    """What became of it; it is asked about again at `next_at` unless it was used or expired."""

    line_id: UUID
    item_no: int
    state: CouponState
    asked_at: datetime
    next_at: datetime


def standing_after(coupon: AskedCoupon, answer: Answer, at: datetime, patience: StandingPatience) -> Standing:
    """The coupon after its supplier's answer."""
    state = CouponState.ISSUED
    if isinstance(answer, Stands) and answer.state in _STEPS:
        state = COUPON_STATES.next(state, _STEPS[answer.state])
    return Standing(coupon.line_id, coupon.item_no, state, at, _next_at(coupon, answer, at, patience))


def _next_at(coupon: AskedCoupon, answer: Answer, at: datetime, patience: StandingPatience) -> datetime:
    """When its time is over; after that in pauses as long as that was ago: ever fewer askings."""
    if coupon.expires_at > at:
        # Who looks at it may ask before.
        return coupon.expires_at
    is_unheard = isinstance(answer, NotDone | Stopped | Unsure)
    pause = patience.retry_seconds if is_unheard else patience.after_expiry_seconds
    return at + max(timedelta(seconds=pause), at - coupon.expires_at)
