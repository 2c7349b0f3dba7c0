"""Rates over a window that slides: never more than allowed in one, nothing kept of who stopped coming."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.rates import Rate, SlidingWindow


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def test_a_window_admits_its_times_and_then_tells_how_long_to_wait() -> None:
    clock = Hand()
    window = SlidingWindow(Rate.parse("3/minute"), monotonic=clock)
    assert [window.admit("a") for _ in range(3)] == [0, 0, 0]
    assert 0 < window.admit("a") <= 60
    assert window.admit("b") == 0


def test_the_last_window_slides_out_bit_by_bit() -> None:
    clock = Hand()
    clock.at = 60.0
    window = SlidingWindow(Rate.parse("10/minute"), monotonic=clock)
    assert [window.admit("a") for _ in range(10)] == [0] * 10
    clock.at = 120.0
    assert window.admit("a") > 0
    clock.at = 150.0  # Half of the ten have slid out.
    assert [window.admit("a") == 0 for _ in range(6)] == [True] * 5 + [False]


def test_nothing_is_kept_of_who_has_not_come_for_two_windows() -> None:
    clock = Hand()
    window = SlidingWindow(Rate.parse("1/second"), monotonic=clock)
    for number in range(1_000):
        window.admit(str(number))
    clock.at += 2
    window.admit("a")
    assert (len(window._now), len(window._before)) == (1, 0)


@given(st.lists(st.floats(0, 3), max_size=200))
def test_no_window_ever_admits_more_than_its_times(pauses: list[float]) -> None:
    clock = Hand()
    window = SlidingWindow(Rate.parse("5/second"), monotonic=clock)
    admitted: list[float] = []
    for pause in pauses:
        clock.at += pause / 20
        if window.admit("a") == 0:
            admitted.append(clock.at)
    for number in range(int(clock.at) + 1):
        assert sum(number <= at < number + 1 for at in admitted) <= 5


@pytest.mark.parametrize("text", ["", "5", "5/day", "0/minute", "x/minute"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"rate|literal"):
        Rate.parse(text)
