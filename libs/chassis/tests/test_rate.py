"""The token bucket: a rate is kept over any stretch, and a pause is not hoarded."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.rate import TokenBucket


class Stopwatch:
    """A monotonic clock that only a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_tokens_come_evenly() -> None:
    bucket = TokenBucket(10, monotonic=Stopwatch())
    assert [round(bucket.reserve(), 6) for _ in range(4)] == [0.0, 0.1, 0.2, 0.3]


def test_a_pause_saves_up_no_more_than_the_burst() -> None:
    watch = Stopwatch()
    bucket = TokenBucket(10, burst=3, monotonic=watch)
    watch.seconds += 3600
    assert [round(bucket.reserve(), 6) for _ in range(5)] == [0.0, 0.0, 0.0, 0.1, 0.2]


@given(
    per_second=st.floats(0.5, 500),
    burst=st.floats(1, 20),
    pauses=st.lists(st.floats(0, 0.5), min_size=1, max_size=200),
)
def test_no_second_admits_more_than_rate_and_burst(per_second: float, burst: float, pauses: list[float]) -> None:
    watch = Stopwatch()
    bucket = TokenBucket(per_second, burst=burst, monotonic=watch)
    called_at = []
    for pause in pauses:
        watch.seconds += pause
        called_at.append(watch.seconds + bucket.reserve())
    for start in called_at:
        within = sum(1 for at in called_at if start <= at < start + 1)
        # The window may cut a token at both of its ends.
        assert within <= per_second + burst + 1


def test_a_rate_that_admits_nothing_is_refused() -> None:
    for per_second, burst in ((0, 1), (-1, 1), (10, 0.5)):
        with pytest.raises(ValueError, match="positive"):
            TokenBucket(per_second, burst=burst)


def test_waiting_takes_the_time_that_the_rate_asks() -> None:
    bucket = TokenBucket(50)
    started_at = time.monotonic()
    for _ in range(6):
        bucket.wait()
    assert 0.09 <= time.monotonic() - started_at < 2
