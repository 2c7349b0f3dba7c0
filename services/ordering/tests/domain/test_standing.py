"""How an issued coupon stands at its supplier (ORD-19)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.domain.answers import Answer, NotDone, NotFound, Stands, Stopped, Unsure
from ordering.domain.coupon import CouponState
from ordering.domain.standing import AskedCoupon, StandingPatience, standing_after

OVER = datetime(2026, 4, 1, 14, 59, 59, tzinfo=UTC)
COUPON = AskedCoupon(UUID(int=1), 1, "giftishow", "TR", OVER)
PATIENCE = StandingPatience(
    retry_seconds=600, after_expiry_seconds=86_400, stopped_seconds=60, lease_seconds=120, coupons_at_once_max=20
)
ANSWERS = [
    *(Stands(state) for state in (CouponState.ISSUED, CouponState.USED, CouponState.EXPIRED, CouponState.REVOKED)),
    NotFound(),
    NotDone("away"),
    Unsure("dark"),
    Stopped("E0010"),
]


@pytest.mark.rule("ORD-19")
@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Stands(CouponState.USED), CouponState.USED),
        (Stands(CouponState.EXPIRED), CouponState.EXPIRED),
        (Stands(CouponState.ISSUED), CouponState.ISSUED),
        (Stands(CouponState.REVOKED), CouponState.ISSUED),
        (NotFound(), CouponState.ISSUED),
        (Unsure("dark"), CouponState.ISSUED),
    ],
)
def test_only_the_suppliers_word_makes_a_coupon_used_or_expired(answer: Answer, state: CouponState) -> None:
    assert standing_after(COUPON, answer, OVER + timedelta(days=1), PATIENCE).state is state


def test_a_coupon_that_lives_is_asked_about_by_itself_only_when_its_time_is_over() -> None:
    at = OVER - timedelta(days=3)
    assert standing_after(COUPON, Stands(CouponState.ISSUED), at, PATIENCE).next_at == OVER


def test_a_supplier_that_is_away_at_the_expiry_is_asked_again_sooner_than_one_that_denies_it() -> None:
    at = OVER + timedelta(seconds=1)
    assert standing_after(COUPON, NotDone("away"), at, PATIENCE).next_at == at + timedelta(minutes=10)
    assert standing_after(COUPON, Stands(CouponState.ISSUED), at, PATIENCE).next_at == at + timedelta(days=1)


@given(st.sampled_from(ANSWERS), st.timedeltas(timedelta(days=-400), timedelta(days=400)))
def test_the_next_asking_lies_ahead_and_a_coupon_long_over_is_asked_ever_more_seldom(
    answer: Answer, away: timedelta
) -> None:
    at = OVER + away
    standing = standing_after(COUPON, answer, at, PATIENCE)
    assert standing.next_at > at
    assert standing.next_at >= at + away
