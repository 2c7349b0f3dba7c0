"""Months of issue: every moment belongs to exactly one, and a closed one takes nothing more (WAL-12)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.domain.issuing_month import month_before, month_of, time_of_issue

SEOUL = ZoneInfo("Asia/Seoul")
MOMENTS = st.datetimes(datetime(2020, 2, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@pytest.mark.rule("WAL-12")
@given(MOMENTS)
def test_the_month_before_ends_where_the_present_one_begins(now: datetime) -> None:
    ended = month_before(now, SEOUL)
    assert ended.begins_at < ended.ends_at <= now
    assert month_of(ended.begins_at, SEOUL) == ended.name
    assert month_of(ended.ends_at - timedelta(microseconds=1), SEOUL) == ended.name
    assert month_of(ended.ends_at, SEOUL) == month_of(now, SEOUL)


@pytest.mark.rule("WAL-12")
@given(MOMENTS, MOMENTS)
def test_nothing_is_recorded_before_the_open_month_began(now: datetime, began_at: datetime) -> None:
    at = time_of_issue(now, began_at)
    assert at >= began_at
    assert at >= now
    assert at in {now, began_at}
    assert time_of_issue(now, None) == now
