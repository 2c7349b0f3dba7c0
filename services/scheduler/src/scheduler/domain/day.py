"""A day of Asia/Seoul opens at 09:00 (SCH-01, SCH-04)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from scheduler.domain.month import SEOUL

OPENS_AT = time(9)


def opened_at(day: date) -> datetime:
    """09:00 of a day in Seoul, in UTC."""
    return datetime.combine(day, OPENS_AT, tzinfo=SEOUL).astimezone(UTC)


def last_opened(now: datetime) -> date:
    """The day that opened last: today from 09:00 on, before that yesterday."""
    today = now.astimezone(SEOUL).date()
    return today if now >= opened_at(today) else today - timedelta(days=1)


def days_opened(after: date, now: datetime) -> Iterator[date]:
    """The days that opened since `after`, oldest first; several after a downtime (SCH-02)."""
    day = after + timedelta(days=1)
    while day <= last_opened(now):
        yield day
        day += timedelta(days=1)
