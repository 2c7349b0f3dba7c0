"""'Within N days of', as every service counts it (SCH-04)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SEOUL = ZoneInfo("Asia/Seoul")


def end_of_days_after(at: datetime, days: int) -> datetime:
    """The first moment (UTC) after the last one of the Nth Seoul day after `at`; its own day is not counted."""
    day_after_the_last = at.astimezone(_SEOUL).date() + timedelta(days=days + 1)
    return datetime.combine(day_after_the_last, time.min, _SEOUL).astimezone(UTC)


def end_of_years_after(at: datetime, years: int) -> datetime:
    """The first moment (UTC) after the same Seoul day so many years later; 29 February counts as 1 March there."""
    day = at.astimezone(_SEOUL).date()
    try:
        anniversary = day.replace(year=day.year + years)
    except ValueError:
        anniversary = day.replace(year=day.year + years, month=3, day=1)
    return datetime.combine(anniversary + timedelta(days=1), time.min, _SEOUL).astimezone(UTC)
