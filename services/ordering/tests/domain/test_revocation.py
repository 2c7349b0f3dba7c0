"""A revocation under every answer the supplier can give (ORD-32)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.domain.answers import Answer, Cancelled, CancelRefused, NotDone, Stopped, Unsure
from ordering.domain.revocation import REVOCATION_STATES, RevocationState, RevokedCoupon, learnt
from ordering.domain.state_table import StepRefusedError
from ordering.settings import OrderRules

AT = datetime(2026, 3, 2, tzinfo=UTC)
ANSWERS = st.sampled_from(
    [Cancelled(), CancelRefused("COUPON.0006"), NotDone("http_429"), Stopped("E0010"), Unsure("timeout")]
)


def an_open_one() -> RevokedCoupon:
    return RevokedCoupon(UUID(int=1), UUID(int=2), 1, RevocationState.OPEN, 0, AT)


@pytest.mark.rule("ORD-32")
@given(st.lists(ANSWERS, max_size=12))
def test_it_ends_once_by_what_the_supplier_surely_did_and_is_tried_on_until_then(answers: list[Answer]) -> None:
    coupon, at, patience = an_open_one(), AT, OrderRules().patience()
    for answer in answers:
        if REVOCATION_STATES.is_final(coupon.state):
            with pytest.raises(StepRefusedError):
                learnt(coupon, answer, at, patience)
            break
        coupon = learnt(coupon, answer, at, patience)
        if isinstance(answer, Cancelled):
            assert (coupon.state, coupon.ended_at) == (RevocationState.REVOKED, at)
        elif isinstance(answer, CancelRefused):
            assert (coupon.state, coupon.code) == (RevocationState.REFUSED, "COUPON.0006")
        else:
            assert coupon.state is RevocationState.OPEN
            assert at < coupon.next_at <= at + timedelta(hours=2)
        at = coupon.next_at


@pytest.mark.rule("ORD-32")
def test_it_is_tried_ever_more_rarely_while_its_outcome_stays_unknown() -> None:
    coupon, at, pauses = an_open_one(), AT, []
    for _ in range(6):
        coupon = learnt(coupon, Unsure("timeout"), at, OrderRules().patience())
        pauses.append((coupon.next_at - at).total_seconds())
        at = coupon.next_at
    assert pauses == [10, 60, 300, 1800, 7200, 7200]
