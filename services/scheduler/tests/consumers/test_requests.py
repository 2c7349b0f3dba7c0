"""Requests from other services, as they come from the broker: twice, and in any order."""

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import deliver
from contracts.event import event_class
from contracts.examples import example
from contracts.queues import queues_of
from scheduler.application.ports import TimerFilter
from scheduler.domain.timer import TimerState
from scheduler.main import consumers
from scheduler.settings import Settings
from scheduler.storage.unit_of_work import Transactions

TIMERS = [queue for queue in queues_of("scheduler") if queue.lane == "timers"]


def an_event(wire_name: str):
    return event_class(wire_name).model_validate(example(wire_name))


def test_each_request_twice_and_both_orders_end_the_same(
    database: Database, transaction: Transactions, fixed_clock: FixedClock, scheduler_settings: Settings
) -> None:
    asked, given_up = an_event("scheduler.set_timer.v1"), an_event("scheduler.cancel_timer.v1")
    consumer = next(each for each in consumers(scheduler_settings, database, fixed_clock) if each.queue in TIMERS)
    for order in ((asked, given_up), (given_up, asked)):
        for event in order:
            deliver(consumer, event, times=2)
        with transaction() as uow:
            (timer,) = uow.timers.page(TimerFilter("ordering"), after=None, limit=10)
        assert (timer.state, timer.version) == (TimerState.CANCELLED, 2)


def test_ended_sessions_are_refused_from_then_on(
    database: Database, fixed_clock: FixedClock, scheduler_settings: Settings
) -> None:
    event = an_event("identity.sessions_revoked.v1")
    control = next(
        each for each in consumers(scheduler_settings, database, fixed_clock) if each.queue.lane == "control"
    )
    deliver(control, event, times=2)
    with database.transaction() as session:
        floors = session.connection().exec_driver_sql("SELECT lowest_generation FROM session_floors").scalars().all()
    assert floors == [event.lowest_generation]
