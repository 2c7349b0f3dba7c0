"""A hold is captured and released in parts, and the parts always add up to it (WAL-18)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wallet_builders import a_hold

from wallet.domain.errors import HoldExceededError

amounts = st.integers(1, 1_000_000)


@pytest.mark.rule("WAL-18")
@given(amounts, st.lists(st.tuples(st.booleans(), amounts), max_size=20))
def test_captured_released_and_open_always_add_up(amount_krw: int, steps: list[tuple[bool, int]]) -> None:
    hold = a_hold(amount_krw)
    for captures, wanted_krw in steps:
        part_krw = min(wanted_krw, hold.open_krw)
        hold = hold.captured(part_krw) if captures else hold.released(part_krw, 0)

        assert hold.captured_krw + hold.released_krw + hold.open_krw == amount_krw
        assert min(hold.captured_krw, hold.released_krw, hold.open_krw) >= 0


@pytest.mark.rule("WAL-18")
def test_more_than_what_is_open_is_neither_captured_nor_released() -> None:
    hold = a_hold(50_000).captured(20_000).released(10_000, 0)

    for step in (lambda: hold.captured(20_001), lambda: hold.released(20_001, 0)):
        with pytest.raises(HoldExceededError) as refused:
            step()
        assert (refused.value.amount_krw, refused.value.open_krw) == (20_001, 20_000)


@pytest.mark.rule("IDN-23")
@pytest.mark.parametrize(
    ("cash_like_krw", "released_krw", "said_krw", "counted_krw"),
    [
        (40_000, 25_000, 15_000, 15_000),  # As ordering said.
        (50_000, 25_000, None, 25_000),  # Nothing said, but the whole order is cash-like.
        (0, 25_000, None, 0),  # Nothing said, and nothing of it is.
        (40_000, 25_000, None, 0),  # Nothing said of a mixed order: the limit is not given back blindly.
        (40_000, 10_000, 15_000, 10_000),  # Never more than what comes back.
        (5_000, 25_000, 15_000, 5_000),  # Never more than what was counted.
    ],
)
def test_how_much_of_a_release_counts_against_the_cash_like_limit(
    cash_like_krw: int, released_krw: int, said_krw: int | None, counted_krw: int
) -> None:
    hold = a_hold(50_000, cash_like_krw=cash_like_krw)

    assert hold.cash_like_part_of(released_krw, said_krw) == counted_krw
