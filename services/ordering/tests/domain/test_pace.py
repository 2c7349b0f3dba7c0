"""How far the sending of an order is (ORD-17, ORD-25)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.domain.order import OrderState, Tally
from ordering.domain.pace import Pace, pace_of

BEGAN = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.rule("ORD-25")
def test_the_rate_is_the_average_since_sending_began_and_the_rest_ends_at_that_rate() -> None:
    tally = Tally(recipients=1000, success=180, failed=15, error=5)
    at = BEGAN + timedelta(seconds=10)
    assert pace_of(OrderState.SENDING, tally, BEGAN, at) == Pace(20, 20.0, at + timedelta(seconds=40))


def test_nothing_is_estimated_before_anybody_has_ended() -> None:
    tally = Tally(recipients=1000)
    assert pace_of(OrderState.SENDING, tally, BEGAN, BEGAN + timedelta(seconds=3)) == Pace(0, None, None)
    ended = Tally(recipients=1000, success=1)
    assert pace_of(OrderState.SENDING, ended, BEGAN, BEGAN) == Pace(0, None, None)


@pytest.mark.rule("ORD-17")
@pytest.mark.parametrize("state", [state for state in OrderState if state is not OrderState.SENDING])
def test_only_an_order_that_is_being_sent_has_a_pace(state: OrderState) -> None:
    assert pace_of(state, Tally(recipients=3), BEGAN, BEGAN + timedelta(seconds=3)) is None


def test_a_hundred_percent_means_that_all_have_ended() -> None:
    tally = Tally(recipients=1000, success=999)
    pace = pace_of(OrderState.SENDING, tally, BEGAN, BEGAN + timedelta(seconds=999))
    assert pace is not None
    assert pace.percent == 99


@given(
    recipients=st.integers(1, 10_000),
    share=st.floats(0, 1),
    elapsed=st.timedeltas(timedelta(), timedelta(days=3000)),
)
def test_an_estimate_lies_ahead_and_within_reach_whatever_the_figures(
    recipients: int, share: float, elapsed: timedelta
) -> None:
    at = BEGAN + elapsed
    pace = pace_of(OrderState.SENDING, Tally(recipients, success=int(recipients * share)), BEGAN, at)
    assert pace is not None
    assert 0 <= pace.percent <= 100
    assert pace.ends_at is None or at <= pace.ends_at <= at + timedelta(days=30)
    assert pace.per_second is None or pace.per_second > 0
