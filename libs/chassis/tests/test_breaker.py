"""The circuit breaker: leaves a failing system alone, then tries it with a single call."""

from chassis.breaker import Breaker, BreakerLimits


class Stopwatch:
    """A monotonic clock that only a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def opened(watch: Stopwatch) -> Breaker:
    breaker = Breaker(BreakerLimits(failures_max=3, open_seconds=10), monotonic=watch)
    for _ in range(3):
        assert breaker.admits()
        breaker.failed()
    return breaker


def test_failures_in_a_row_open_it() -> None:
    breaker = opened(Stopwatch())
    assert breaker.is_open
    assert not breaker.admits()


def test_a_success_in_between_starts_the_count_anew() -> None:
    breaker = Breaker(BreakerLimits(failures_max=2))
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    assert breaker.admits()


def test_after_its_rest_one_call_tries_and_the_others_are_held_back() -> None:
    watch = Stopwatch()
    breaker = opened(watch)
    watch.seconds += 10
    assert breaker.admits()
    assert not breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert not breaker.is_open


def test_a_trial_that_fails_begins_the_rest_anew() -> None:
    watch = Stopwatch()
    breaker = opened(watch)
    watch.seconds += 10
    assert breaker.admits()
    breaker.failed()
    watch.seconds += 9.9
    assert not breaker.admits()
    watch.seconds += 0.1
    assert breaker.admits()


def test_a_trial_that_never_reports_back_does_not_hold_it_open_for_ever() -> None:
    watch = Stopwatch()
    breaker = opened(watch)
    watch.seconds += 10
    assert breaker.admits()
    watch.seconds += 60
    assert breaker.admits()
