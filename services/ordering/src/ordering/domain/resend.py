"""Sending a recipient's message again (ORD-21)."""

from collections.abc import Collection
from dataclasses import dataclass

from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState
from ordering.domain.errors import ResendRefusedError

RESENDABLE = frozenset({DispatchState.SUCCESS, DispatchState.FAILED})
_OF_NO_USE = frozenset({CouponState.REVOKED, CouponState.EXPIRED, CouponState.ISSUE_FAILED})


@dataclass(frozen=True)
class SentLine:
    """A recipient's message as far as it went."""

    dispatch: DispatchState
    resends: int
    is_being_resent: bool
    coupons: Collection[CouponState]


def admit_resend(line: SentLine, resends_max: int) -> None:
    """Raise `ResendRefusedError` with the reason when the message cannot be sent again."""
    reason = None
    if line.dispatch not in RESENDABLE:
        reason = "not_sent_yet" if line.dispatch is DispatchState.IN_PROGRESS else "nothing_was_sent"
    elif line.is_being_resent:
        reason = "being_resent"
    elif line.resends >= resends_max:
        reason = "too_often"
    elif all(coupon in _OF_NO_USE for coupon in line.coupons):
        reason = "no_coupon_of_use"
    if reason is not None:
        raise ResendRefusedError(reason, line.resends, resends_max)
