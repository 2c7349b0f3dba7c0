"""Months as the rules count them: in Seoul."""

from calendar import monthrange
from datetime import date, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


def seoul_month(at: datetime) -> str:
    """The Seoul month of an aware time, as YYYY-MM."""
    return at.astimezone(SEOUL).strftime("%Y-%m")


def seoul_date(at: datetime) -> date:
    """The Seoul day of an aware time."""
    return at.astimezone(SEOUL).date()


def period_of(month: str) -> tuple[date, date]:
    """First and last day of a month, given as YYYY-MM."""
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])
