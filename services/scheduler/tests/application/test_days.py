"""A day's opening is said once, in order, also after a downtime."""

from datetime import UTC, date, datetime

import pytest

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import published
from contracts.scheduler import DayOpened
from scheduler.application.days import say_day_openings
from scheduler.storage.unit_of_work import Transactions


@pytest.mark.rule("SCH-01", "SCH-02")
def test_missed_openings_are_said_once_each_in_order(
    database: Database, transaction: Transactions, fixed_clock: FixedClock
) -> None:
    for at in (
        datetime(2026, 3, 2, 1, tzinfo=UTC),
        datetime(2026, 3, 2, 23, 59, tzinfo=UTC),
        datetime(2026, 3, 3, 0, 0, tzinfo=UTC),
        datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
        datetime(2026, 3, 5, 12, 0, tzinfo=UTC),
    ):
        fixed_clock.set(at)
        with transaction() as uow:
            say_day_openings(uow)
    with database.transaction() as session:
        said = [event for event in published(session) if isinstance(event, DayOpened)]
    assert [event.day for event in said] == [date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)]
    assert said[0].opened_at == datetime(2026, 3, 3, tzinfo=UTC)


def test_while_one_scheduler_says_an_opening_another_says_nothing(
    transaction: Transactions, fixed_clock: FixedClock
) -> None:
    with transaction() as uow:
        say_day_openings(uow)
    fixed_clock.set(datetime(2026, 4, 2, tzinfo=UTC))
    with transaction() as one, transaction() as other:
        assert say_day_openings(one) == 31
        assert say_day_openings(other) == 0
