"""Timers on a real database: set, moved and cancelled by version, fired once in effect, in order."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import published
from contracts.scheduler import TimerFired
from scheduler.application.ports import TimerFilter
from scheduler.application.timers import (
    CancelTimer,
    FireDueTimers,
    ForgetSettledTimers,
    SetTimer,
    cancel_timer,
    fire_due_timers,
    forget_settled_timers,
    set_timer,
)
from scheduler.storage.unit_of_work import Transactions

HOUR = timedelta(hours=1)
ALL = FireDueTimers(rows_max=100)


@pytest.fixture
def set_for(transaction: Transactions, fixed_clock: FixedClock) -> Callable[..., None]:
    def set_it(key: str, after: timedelta, version: int = 1) -> None:
        with transaction() as uow:
            set_timer(SetTimer("ordering", key, version, fixed_clock.now() + after), uow)

    return set_it


@pytest.fixture
def fired(database: Database, transaction: Transactions) -> Callable[[], Iterator[str]]:
    """Fires what is due and returns the keys of all that ever fired, in order."""

    def fire() -> list[str]:
        with transaction() as uow:
            fire_due_timers(ALL, uow)
        with database.transaction() as session:
            return [event.key for event in published(session) if isinstance(event, TimerFired)]

    return fire


@pytest.mark.rule("SCH-02")
def test_a_timer_fires_once_and_not_before_its_time(set_for, fired, fixed_clock: FixedClock) -> None:
    set_for("order/1", HOUR)
    fixed_clock.advance(HOUR - timedelta(seconds=1))
    assert fired() == []
    fixed_clock.advance(timedelta(seconds=1))
    assert fired() == ["order/1"]
    assert fired() == ["order/1"]


@pytest.mark.rule("SCH-02")
def test_what_came_due_while_the_scheduler_was_down_fires_in_order(set_for, fired, fixed_clock: FixedClock) -> None:
    for key, hours in (("third", 3), ("first", 1), ("second", 2)):
        set_for(key, HOUR * hours)
    fixed_clock.advance(timedelta(days=2))
    assert fired() == ["first", "second", "third"]


def test_catching_up_fires_a_bounded_number_at_once(set_for, transaction, fixed_clock: FixedClock) -> None:
    for number in range(5):
        set_for(f"order/{number}", HOUR)
    fixed_clock.advance(HOUR)
    with transaction() as uow:
        assert len(fire_due_timers(FireDueTimers(rows_max=2), uow)) == 2


def test_a_higher_version_moves_a_timer_and_a_lower_one_does_not(set_for, fired, fixed_clock: FixedClock) -> None:
    set_for("order/1", HOUR * 5, version=2)
    set_for("order/1", HOUR, version=1)
    fixed_clock.advance(HOUR)
    assert fired() == []
    fixed_clock.advance(HOUR * 4)
    assert fired() == ["order/1"]


@pytest.mark.parametrize("cancelled_first", [True, False])
def test_a_cancelled_timer_never_fires_in_whatever_order_the_requests_come(
    set_for, fired, transaction, fixed_clock: FixedClock, cancelled_first: bool
) -> None:
    def cancel() -> None:
        with transaction() as uow:
            cancel_timer(CancelTimer("ordering", "order/1", version=2), uow)

    def begin() -> None:
        set_for("order/1", HOUR, version=1)

    for step in (cancel, begin) if cancelled_first else (begin, cancel):
        step()
    fixed_clock.advance(HOUR * 2)
    assert fired() == []


def test_a_fired_timer_can_be_set_anew(set_for, fired, fixed_clock: FixedClock) -> None:
    set_for("order/1", HOUR)
    fixed_clock.advance(HOUR)
    assert fired() == ["order/1"]
    set_for("order/1", HOUR, version=2)
    fixed_clock.advance(HOUR)
    assert fired() == ["order/1", "order/1"]


@pytest.mark.rule("SCH-02")
def test_several_schedulers_fire_each_timer_once(
    set_for, database: Database, transaction: Transactions, fixed_clock: FixedClock
) -> None:
    for number in range(200):
        set_for(f"order/{number}", HOUR)
    fixed_clock.advance(HOUR)

    def work() -> int:
        count = 0
        while True:
            with transaction() as uow:
                fired = fire_due_timers(FireDueTimers(rows_max=7), uow)
            if not fired:
                return count
            count += len(fired)

    with ThreadPoolExecutor(4) as pool:
        counts = [future.result() for future in [pool.submit(work) for _ in range(4)]]
    with database.transaction() as session:
        keys = [event.key for event in published(session) if isinstance(event, TimerFired)]
    assert sum(counts) == 200
    assert len(set(keys)) == len(keys) == 200


def test_settled_timers_are_forgotten_after_a_while(set_for, fired, transaction, fixed_clock: FixedClock) -> None:
    set_for("fired", HOUR)
    set_for("waiting", timedelta(days=400))
    fixed_clock.advance(HOUR)
    fired()
    fixed_clock.advance(timedelta(days=100))
    with transaction() as uow:
        assert forget_settled_timers(ForgetSettledTimers(timedelta(days=90), 10), uow) == 1
        assert [timer.key for timer in uow.timers.page(TimerFilter(), after=None, limit=10)] == ["waiting"]
