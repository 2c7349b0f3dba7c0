"""Months are those of Asia/Seoul: they turn at 15:00 UTC of the last day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.month import SeoulMonth, months_begun

TURN = datetime(2026, 11, 30, 15, 0, tzinfo=UTC)


@pytest.mark.rule("SCH-01")
def test_a_month_turns_at_midnight_in_seoul() -> None:
    november, december = SeoulMonth(2026, 11), SeoulMonth(2026, 12)
    assert SeoulMonth.of(TURN - timedelta(microseconds=1)) == november
    assert SeoulMonth.of(TURN) == december
    assert december.began_at == TURN


@pytest.mark.rule("SCH-02")
def test_turns_missed_while_down_are_caught_up_in_order() -> None:
    begun = months_begun(SeoulMonth(2026, 10), datetime(2027, 1, 15, tzinfo=UTC))
    assert [str(month) for month in begun] == ["2026-11", "2026-12", "2027-01"]


def test_nothing_begins_within_a_month() -> None:
    assert months_begun(SeoulMonth(2026, 11), TURN - timedelta(seconds=1)) == []


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_every_moment_lies_between_its_month_and_the_next(moment: datetime) -> None:
    month = SeoulMonth.of(moment)
    assert month.began_at <= moment < month.next.began_at
