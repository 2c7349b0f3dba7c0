"""Moments of Asia/Seoul that come again and again (SCH-01)."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True)
class Calendar:
    """A name that its last moment is kept under, and when it comes: minute, hour, day, month, weekday of Seoul."""

    name: str
    expression: str


MONTHS = Calendar("months", "0 0 1 * *")
DAY_BEGINNINGS = Calendar("day_beginnings", "0 2 * * *")
"""02:00: what the day's sendings need is made (ANN-02)."""
DAY_OPENINGS = Calendar("day_openings", "0 9 * * *")
"""09:00: what is due on the day is done (SCH-04)."""
CALENDARS = (MONTHS, DAY_BEGINNINGS, DAY_OPENINGS)
