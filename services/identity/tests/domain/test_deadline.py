"""'Within N days of' (SCH-04)."""

from datetime import UTC, datetime

import pytest

from identity.domain.deadline import end_of_days_after

pytestmark = pytest.mark.rule("SCH-04")


@pytest.mark.parametrize(
    ("at", "end"),
    [
        # 2026-03-02 00:00 in Seoul: day 1 is the 3rd, day 14 the 16th, which ends as the 17th begins.
        (datetime(2026, 3, 1, 15, 0, tzinfo=UTC), datetime(2026, 3, 16, 15, 0, tzinfo=UTC)),
        # 2026-03-02 23:59:59 in Seoul is the same day.
        (datetime(2026, 3, 2, 14, 59, 59, tzinfo=UTC), datetime(2026, 3, 16, 15, 0, tzinfo=UTC)),
        # One second later is the next day.
        (datetime(2026, 3, 2, 15, 0, tzinfo=UTC), datetime(2026, 3, 17, 15, 0, tzinfo=UTC)),
    ],
)
def test_the_events_own_seoul_day_is_not_counted(at: datetime, end: datetime) -> None:
    assert end_of_days_after(at, 14) == end
