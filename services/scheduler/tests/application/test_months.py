"""A month's turn is said once, in order, also after a downtime."""

from datetime import UTC, datetime

import pytest

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import published
from contracts.scheduler import MonthTurned
from scheduler.application.months import say_month_turns
from scheduler.storage.unit_of_work import Transactions


@pytest.mark.rule("SCH-01", "SCH-02")
def test_missed_turns_are_said_once_each_in_order(
    database: Database, transaction: Transactions, fixed_clock: FixedClock
) -> None:
    for at in (
        datetime(2026, 3, 2, tzinfo=UTC),
        datetime(2026, 3, 31, 14, 59, tzinfo=UTC),
        datetime(2026, 3, 31, 15, 0, tzinfo=UTC),
        datetime(2026, 3, 31, 15, 1, tzinfo=UTC),
        datetime(2026, 6, 1, tzinfo=UTC),
    ):
        fixed_clock.set(at)
        with transaction() as uow:
            say_month_turns(uow)
    with database.transaction() as session:
        assert [event.month for event in published(session) if isinstance(event, MonthTurned)] == [
            "2026-04",
            "2026-05",
            "2026-06",
        ]


def test_while_one_scheduler_says_a_turn_another_says_nothing(
    transaction: Transactions, fixed_clock: FixedClock
) -> None:
    with transaction() as uow:
        say_month_turns(uow)
    fixed_clock.set(datetime(2026, 4, 2, tzinfo=UTC))
    with transaction() as one, transaction() as other:
        assert say_month_turns(one) == 1
        assert say_month_turns(other) == 0
