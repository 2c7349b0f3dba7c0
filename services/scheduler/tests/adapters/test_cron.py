"""Calendars are those of Asia/Seoul: months turn at 15:00 UTC of the last day, days open at midnight UTC."""

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.adapters.cron import CronTimes
from scheduler.domain.calendar import CALENDARS, DAY_BEGINNINGS, DAY_OPENINGS, MONTHS, Calendar

TURN = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
TIMES = CronTimes()


@pytest.mark.rule("SCH-01")
@pytest.mark.parametrize(
    ("calendar", "at", "before"),
    [
        (MONTHS, TURN, datetime(2026, 10, 31, 15, 0, tzinfo=UTC)),
        (DAY_BEGINNINGS, datetime(2026, 3, 1, 17, 0, tzinfo=UTC), datetime(2026, 2, 28, 17, 0, tzinfo=UTC)),
        (DAY_OPENINGS, datetime(2026, 3, 2, 0, 0, tzinfo=UTC), datetime(2026, 3, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_comes_at_its_time_in_seoul_and_not_before(calendar: Calendar, at: datetime, before: datetime) -> None:
    assert TIMES.last(calendar, at) == at
    assert TIMES.last(calendar, at - MOMENT) == before
    assert next(TIMES.after(calendar, at - MOMENT)) == at


@pytest.mark.rule("SCH-02")
def test_what_was_missed_comes_in_order() -> None:
    turns = list(islice(TIMES.after(MONTHS, TURN - timedelta(days=30)), 3))
    assert turns == [TURN, datetime(2026, 12, 31, 15, tzinfo=UTC), datetime(2027, 1, 31, 15, tzinfo=UTC)]


@given(st.sampled_from(CALENDARS), st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_every_moment_lies_between_its_calendars_last_and_next(calendar: Calendar, moment: datetime) -> None:
    last = TIMES.last(calendar, moment)
    assert last <= moment < next(TIMES.after(calendar, last))
