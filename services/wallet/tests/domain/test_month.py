"""Months are counted in Seoul."""

from datetime import UTC, datetime

import pytest

from wallet.domain.month import period_of, seoul_month


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


@pytest.mark.rule("WAL-11")
@pytest.mark.parametrize(("month", "last_day"), [("2026-10", 31), ("2026-02", 28), ("2028-02", 29)])
def test_a_month_is_used_from_its_first_to_its_last_day(month: str, last_day: int) -> None:
    first, last = period_of(month)

    assert (first.day, last.day, f"{last:%Y-%m}") == (1, last_day, month)
