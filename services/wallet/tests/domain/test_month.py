"""Months are counted in Seoul."""

from datetime import UTC, datetime

import pytest

from wallet.domain.month import seoul_month


@pytest.mark.rule("WAL-11")
@pytest.mark.parametrize(
    ("at", "month"),
    [
        (datetime(2026, 3, 31, 14, 59, 59, 999_999, tzinfo=UTC), "2026-03"),
        (datetime(2026, 3, 31, 15, 0, tzinfo=UTC), "2026-04"),
        (datetime(2026, 12, 31, 15, 0, tzinfo=UTC), "2027-01"),
    ],
)
def test_a_month_begins_at_midnight_in_seoul(at: datetime, month: str) -> None:
    assert seoul_month(at) == month
