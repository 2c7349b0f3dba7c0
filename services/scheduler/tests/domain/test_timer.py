"""A timer fires at or after its time, once, and a higher version replaces it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from scheduler.domain.timer import NotDueError, Timer, TimerState

DUE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def a_timer(state: TimerState = TimerState.WAITING, version: int = 1) -> Timer:
    return Timer(UUID(int=1), "ordering", "order/1", version, DUE, state)


@pytest.mark.rule("SCH-02")
def test_a_timer_fires_at_its_time_and_not_before() -> None:
    with pytest.raises(NotDueError):
        a_timer().fire(DUE - timedelta(microseconds=1))
    assert a_timer().fire(DUE).state is TimerState.FIRED


@pytest.mark.rule("SCH-02")
@pytest.mark.parametrize("state", [TimerState.FIRED, TimerState.CANCELLED])
def test_a_timer_that_does_not_wait_never_fires(state: TimerState) -> None:
    with pytest.raises(NotDueError):
        a_timer(state).fire(DUE + timedelta(days=1))


@pytest.mark.rule("SCH-02")
def test_lateness_is_measured_from_the_due_time() -> None:
    assert a_timer().lateness(DUE + timedelta(seconds=90)) == timedelta(seconds=90)
    assert a_timer().lateness(DUE - timedelta(seconds=5)) == timedelta()


def test_only_a_higher_version_replaces() -> None:
    timer = a_timer(version=3)
    assert [timer.superseded_by(version) for version in (2, 3, 4)] == [False, False, True]
