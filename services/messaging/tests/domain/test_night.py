"""Night hours hold back advertising only."""

from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.domain.night import SEOUL, MessagePurpose, NightHours
from messaging.settings import Settings

NIGHT = NightHours(time(21), time(8))
MOMENTS = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC))


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)


@pytest.mark.rule("MSG-06")
@pytest.mark.parametrize(
    ("ready", "goes"),
    [
        ("2026-03-02T20:59:59", "2026-03-02T20:59:59"),
        ("2026-03-02T21:00:00", "2026-03-03T08:00:00"),
        ("2026-03-02T23:59:59", "2026-03-03T08:00:00"),
        ("2026-03-03T00:00:00", "2026-03-03T08:00:00"),
        ("2026-03-03T07:59:59", "2026-03-03T08:00:00"),
        ("2026-03-03T08:00:00", "2026-03-03T08:00:00"),
    ],
)
def test_advertising_waits_from_21_to_8_in_seoul(messaging_settings: Settings, ready: str, goes: str) -> None:
    night = messaging_settings.night_hours
    assert (night.held_until(MessagePurpose.ADVERTISING, seoul(ready)) or seoul(ready)) == seoul(goes)


@pytest.mark.rule("MSG-06")
@given(at=MOMENTS, purpose=st.sampled_from([MessagePurpose.ORDER, MessagePurpose.NOTICE]))
def test_what_belongs_to_orders_and_accounts_goes_at_any_time(at: datetime, purpose: MessagePurpose) -> None:
    assert NIGHT.held_until(purpose, at) is None


@pytest.mark.rule("MSG-06")
@given(at=MOMENTS, begins=st.integers(0, 23), ends=st.integers(0, 23))
def test_advertising_never_goes_at_night_nor_waits_a_day(at: datetime, begins: int, ends: int) -> None:
    night = NightHours(time(begins), time(ends))
    goes = night.held_until(MessagePurpose.ADVERTISING, at) or at
    assert night.held_until(MessagePurpose.ADVERTISING, goes) is None
    assert 0 <= (goes - at).total_seconds() < 24 * 3600
