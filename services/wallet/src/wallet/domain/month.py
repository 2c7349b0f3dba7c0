"""Months as the rules count them: in Seoul."""

from datetime import datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def seoul_month(at: datetime) -> str:
    """The Seoul month of an aware time, as YYYY-MM."""
    return at.astimezone(SEOUL).strftime("%Y-%m")
