"""Days as the rules count them: in Seoul, the day of an event not counted (SCH-04)."""

from datetime import datetime, timedelta

from wallet.domain.month import SEOUL


def within_days(event_at: datetime, days: int, at: datetime) -> bool:
    """Whether `at` is still within so many days of an event.

    The event's own Seoul day is not counted, and the last of the days counts to its last moment.
    """
    last_day = event_at.astimezone(SEOUL).date() + timedelta(days=days)
    return at.astimezone(SEOUL).date() <= last_day
