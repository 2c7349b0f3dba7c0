"""Days open at 09:00 of Asia/Seoul: at midnight UTC."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.domain.day import days_opened, last_opened, opened_at

OPENING = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)


@pytest.mark.rule("SCH-01")
def test_a_day_opens_at_nine_in_seoul() -> None:
    assert opened_at(date(2026, 3, 2)) == OPENING
    assert last_opened(OPENING) == date(2026, 3, 2)
    assert last_opened(OPENING - timedelta(microseconds=1)) == date(2026, 3, 1)


@pytest.mark.rule("SCH-02")
def test_days_missed_while_down_are_caught_up_in_order() -> None:
    assert list(days_opened(date(2026, 2, 27), OPENING)) == [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2)]
    assert list(days_opened(date(2026, 3, 2), OPENING + timedelta(hours=23))) == []
