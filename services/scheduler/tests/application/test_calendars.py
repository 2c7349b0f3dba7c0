"""What calendars bring is said once, in order of time, also after a downtime."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import published
from contracts.scheduler import DayBegan, DayOpened, MonthTurned
from scheduler.adapters.cron import CronTimes
from scheduler.application.calendars import say_what_came
from scheduler.storage.unit_of_work import Transactions

TIMES = CronTimes()
MANY = 1_000


def said(database: Database, kind: type[Any]) -> list[Any]:
    with database.transaction() as session:
        return [event for event in published(session) if isinstance(event, kind)]


def say_at(clock: FixedClock, transaction: Transactions, *moments: datetime) -> None:
    for at in moments:
        clock.set(at)
        with transaction() as uow:
            say_what_came(uow, TIMES, MANY)


@pytest.mark.rule("SCH-01", "SCH-02")
def test_missed_turns_of_months_are_said_once_each_in_order(
    database: Database, transaction: Transactions, fixed_clock: FixedClock
) -> None:
    say_at(
        fixed_clock,
        transaction,
        datetime(2026, 3, 2, tzinfo=UTC),
        datetime(2026, 3, 31, 14, 59, tzinfo=UTC),
        datetime(2026, 3, 31, 15, 0, tzinfo=UTC),
        datetime(2026, 3, 31, 15, 1, tzinfo=UTC),
        datetime(2026, 6, 1, tzinfo=UTC),
    )
    turned = said(database, MonthTurned)
    assert [event.month for event in turned] == ["2026-04", "2026-05", "2026-06"]
    assert turned[0].began_at == datetime(2026, 3, 31, 15, tzinfo=UTC)


@pytest.mark.rule("SCH-01", "SCH-02")
def test_missed_openings_of_days_are_said_once_each_in_order(
    database: Database, transaction: Transactions, fixed_clock: FixedClock
) -> None:
    say_at(
        fixed_clock,
        transaction,
        datetime(2026, 3, 2, 1, tzinfo=UTC),
        datetime(2026, 3, 2, 23, 59, tzinfo=UTC),
        datetime(2026, 3, 3, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
        datetime(2026, 3, 5, 12, 0, tzinfo=UTC),
    )
    opened = said(database, DayOpened)
    assert [event.day for event in opened] == [date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)]
    assert opened[0].opened_at == datetime(2026, 3, 3, tzinfo=UTC)


@pytest.mark.rule("ANN-02", "SCH-01")
def test_a_day_begins_at_two_in_seoul(database: Database, transaction: Transactions, fixed_clock: FixedClock) -> None:
    say_at(
        fixed_clock,
        transaction,
        datetime(2026, 3, 2, 16, 59, tzinfo=UTC),
        datetime(2026, 3, 2, 17, 0, tzinfo=UTC),
        datetime(2026, 3, 2, 17, 0, 1, tzinfo=UTC),
    )
    assert [(event.day, event.began_at) for event in said(database, DayBegan)] == [
        (date(2026, 3, 3), datetime(2026, 3, 2, 17, tzinfo=UTC))
    ]


@pytest.mark.rule("SCH-02")
def test_after_a_downtime_the_calendars_are_caught_up_together_in_order_of_time_and_a_few_at_once(
    database: Database, transaction: Transactions, fixed_clock: FixedClock
) -> None:
    say_at(fixed_clock, transaction, datetime(2026, 3, 29, 1, tzinfo=UTC))
    fixed_clock.set(datetime(2026, 4, 1, 1, tzinfo=UTC))
    counts = []
    for _ in range(4):
        with transaction() as uow:
            counts.append(say_what_came(uow, TIMES, said_max=3))
    assert counts == [3, 3, 1, 0]
    with database.transaction() as session:
        names = [(type(event).__name__, event.subject) for event in published(session)]
    assert names == [
        ("DayBegan", "2026-03-30"),
        ("DayOpened", "2026-03-30"),
        ("DayBegan", "2026-03-31"),
        ("DayOpened", "2026-03-31"),
        ("MonthTurned", "2026-04"),
        ("DayBegan", "2026-04-01"),
        ("DayOpened", "2026-04-01"),
    ]


@pytest.mark.rule("SCH-02")
def test_while_one_scheduler_says_something_another_says_nothing(
    transaction: Transactions, fixed_clock: FixedClock
) -> None:
    say_at(fixed_clock, transaction, datetime(2026, 3, 2, tzinfo=UTC))
    fixed_clock.set(datetime(2026, 3, 3, tzinfo=UTC))
    with transaction() as one, transaction() as other:
        assert say_what_came(one, TIMES, MANY) == 2
        assert say_what_came(other, TIMES, MANY) == 0
