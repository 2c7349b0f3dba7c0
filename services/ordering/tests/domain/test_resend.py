"""Who may be sent the message again (ORD-21)."""

import pytest

from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState
from ordering.domain.errors import ResendRefusedError
from ordering.domain.resend import SentLine, admit_resend
from ordering.settings import OrderRules

ISSUED = (CouponState.ISSUED,)


@pytest.mark.rule("ORD-21")
@pytest.mark.parametrize("dispatch", [DispatchState.SUCCESS, DispatchState.FAILED])
@pytest.mark.parametrize("coupons", [ISSUED, (CouponState.AWAITING_CHOICE,), (CouponState.REVOKED, CouponState.ISSUED)])
def test_three_times_after_success_or_failure_while_a_coupon_is_of_use(
    rules: OrderRules, dispatch: DispatchState, coupons: tuple[CouponState, ...]
) -> None:
    assert rules.resends_max == 3
    for resends in range(3):
        admit_resend(SentLine(dispatch, resends, is_being_resent=False, coupons=coupons), rules.resends_max)


@pytest.mark.rule("ORD-21")
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (SentLine(DispatchState.IN_PROGRESS, 0, False, ISSUED), "not_sent_yet"),
        (SentLine(DispatchState.ERROR, 0, False, (CouponState.ISSUE_FAILED,)), "nothing_was_sent"),
        (SentLine(DispatchState.SUCCESS, 3, False, ISSUED), "too_often"),
        (SentLine(DispatchState.SUCCESS, 1, True, ISSUED), "being_resent"),
        (SentLine(DispatchState.SUCCESS, 0, False, (CouponState.REVOKED, CouponState.EXPIRED)), "no_coupon_of_use"),
    ],
)
def test_what_cannot_be_sent_again_is_refused_with_the_reason(rules: OrderRules, line: SentLine, reason: str) -> None:
    with pytest.raises(ResendRefusedError) as refusal:
        admit_resend(line, rules.resends_max)
    assert refusal.value.reason == reason
