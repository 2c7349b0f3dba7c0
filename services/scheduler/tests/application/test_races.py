"""Firing against cancelling and moving, and against a death in between: one winner, nothing twice."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import published
from contracts.scheduler import TimerFired
from scheduler.application.ports import TimerFilter
from scheduler.application.timers import CancelTimer, FireDueTimers, SetTimer, cancel_timer, fire_due_timers, set_timer
from scheduler.domain.timer import TimerState
from scheduler.storage.unit_of_work import Transactions

HOUR = timedelta(hours=1)
COUNT = 60


def fired_keys(database: Database) -> list[str]:
    with database.transaction() as session:
        return [event.key for event in published(session) if isinstance(event, TimerFired)]


def states(transaction: Transactions) -> dict[str, TimerState]:
    with transaction() as uow:
        return {timer.key: timer.state for timer in uow.timers.page(TimerFilter(), after=None, limit=1_000)}


@pytest.fixture
def due(transaction: Transactions, fixed_clock: FixedClock) -> list[str]:
    """Timers that have just come due."""
    keys = [f"sending/{number:02d}" for number in range(COUNT)]
    with transaction() as uow:
        for key in keys:
            set_timer(SetTimer("ordering", key, 1, fixed_clock.now() + HOUR), uow)
    fixed_clock.advance(HOUR)
    return keys


@pytest.mark.rule("SCH-02")
def test_a_timer_that_fires_while_it_is_cancelled_fires_once_or_not_at_all(
    database: Database, transaction: Transactions, due: list[str]
) -> None:
    gate = threading.Barrier(3)
    cancelled_before_firing: set[str] = set()

    def fire() -> None:
        gate.wait()
        while True:
            with transaction() as uow:
                if not fire_due_timers(FireDueTimers(rows_max=3), uow):
                    return

    def cancel() -> None:
        gate.wait()
        for key in reversed(due):
            with transaction() as uow:
                cancel_timer(CancelTimer("ordering", key, version=2), uow)
            if key not in fired_keys(database):
                cancelled_before_firing.add(key)

    with ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(fire), pool.submit(fire), pool.submit(cancel)]:
            future.result()
    fired = fired_keys(database)
    assert len(fired) == len(set(fired))
    assert not cancelled_before_firing & set(fired)
    assert set(states(transaction).values()) == {TimerState.CANCELLED}
    with transaction() as uow:
        assert fire_due_timers(FireDueTimers(rows_max=COUNT), uow) == []


@pytest.mark.rule("SCH-02")
def test_a_timer_that_is_moved_while_it_fires_waits_for_its_new_time(
    database: Database, transaction: Transactions, fixed_clock: FixedClock, due: list[str]
) -> None:
    gate = threading.Barrier(2)

    def fire() -> None:
        gate.wait()
        while True:
            with transaction() as uow:
                if not fire_due_timers(FireDueTimers(rows_max=3), uow):
                    return

    firing = threading.Thread(target=fire)
    firing.start()
    gate.wait()
    for key in reversed(due):
        with transaction() as uow:
            set_timer(SetTimer("ordering", key, 2, fixed_clock.now() + HOUR), uow)
    firing.join()
    assert set(states(transaction).values()) == {TimerState.WAITING}
    before = fired_keys(database)
    fixed_clock.advance(HOUR)
    fire_all = FireDueTimers(rows_max=COUNT)
    with transaction() as uow:
        assert len(fire_due_timers(fire_all, uow)) == COUNT
    assert sorted(fired_keys(database)) == sorted([*before, *due])


@pytest.mark.rule("SCH-02")
def test_a_scheduler_that_dies_between_firing_and_recording_has_said_nothing_and_its_heir_says_it_once(
    database: Database, transaction: Transactions, due: list[str]
) -> None:
    class Killed(BaseException):
        """What a kill is to a transaction."""

    def fire_and_die() -> None:
        with transaction() as uow:
            fire_due_timers(FireDueTimers(rows_max=COUNT), uow)
            raise Killed

    with pytest.raises(Killed):
        fire_and_die()
    assert fired_keys(database) == []
    with transaction() as uow:
        fire_due_timers(FireDueTimers(rows_max=COUNT), uow)
    assert fired_keys(database) == due


@pytest.mark.rule("SCH-02")
def test_timers_are_found_by_asker_state_key_and_due_time(
    transaction: Transactions, fixed_clock: FixedClock, due: list[str]
) -> None:
    with transaction() as uow:
        set_timer(SetTimer("wallet", "charge/1", 1, fixed_clock.now() + HOUR), uow)
        fire_due_timers(FireDueTimers(rows_max=10), uow)

        def found(which: TimerFilter) -> list[str]:
            return [timer.key for timer in uow.timers.page(which, after=None, limit=100)]

        assert found(TimerFilter(asker="wallet")) == ["charge/1"]
        assert found(TimerFilter(key="sending/05")) == ["sending/05"]
        assert found(TimerFilter(key="%")) == []
        assert found(TimerFilter(state=TimerState.FIRED)) == due[:10]
        assert found(TimerFilter(due_before=fixed_clock.now())) == []
        assert len(found(TimerFilter(due_before=fixed_clock.now() + timedelta(seconds=1)))) == COUNT
