"""Expiry by the clock, and numbers as they are read out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from coupon_web.domain.coupon import Coupon, CouponState, grouped, korean_date

LAST_MOMENT = datetime(2026, 12, 31, 14, 59, 59, 999_999, tzinfo=UTC)
"""The end of 31 December in Seoul."""


def a_coupon(state: CouponState = CouponState.ISSUED) -> Coupon:
    """A coupon until the end of the year."""
    return Coupon(
        1, state, "모모커피", "아메리카노", "", "", LAST_MOMENT, number="900112345678", barcode_value="900112345678"
    )


@pytest.mark.rule("SCH-04")
def test_a_coupon_is_usable_to_the_last_moment_of_its_last_day_in_seoul() -> None:
    assert a_coupon().is_usable(LAST_MOMENT)
    assert a_coupon().state_at(LAST_MOMENT + timedelta(microseconds=1)) is CouponState.EXPIRED
    assert a_coupon().expires_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2026, 12, 31, 14, 0, tzinfo=UTC), 0),
        (datetime(2026, 12, 30, 15, 0, tzinfo=UTC), 0),
        (datetime(2026, 12, 30, 14, 59, tzinfo=UTC), 1),
        (datetime(2026, 12, 1, 0, 0, tzinfo=UTC), 30),
    ],
)
def test_days_left_are_counted_in_seoul(at: datetime, days: int) -> None:
    assert a_coupon().days_left(at) == days


def test_a_used_coupon_stays_used_after_its_time() -> None:
    assert a_coupon(CouponState.USED).state_at(LAST_MOMENT + timedelta(days=1)) is CouponState.USED


@pytest.mark.parametrize(
    ("number", "shown"),
    [("900112345678", "9001 1234 5678"), ("12345", "1234 5"), ("AB12-3456", "AB12-3456"), ("12 34", "12 34")],
)
def test_numbers_come_in_groups_of_four_unless_they_have_their_own(number: str, shown: str) -> None:
    assert grouped(number) == shown


def test_no_repr_shows_a_number() -> None:
    assert "9001" not in repr(a_coupon())


def test_days_are_written_as_koreans_do() -> None:
    assert korean_date(date(2026, 3, 1)) == "2026년 3월 1일"
