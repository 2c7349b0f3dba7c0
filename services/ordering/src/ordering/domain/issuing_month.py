"""The month that coupons were issued in (WAL-12): closed once, and nothing is recorded into it afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo


@dataclass(frozen=True)
class IssuingMonth:
    """A month of the calendar, `YYYY-MM`, from its first moment to the next month's, aware."""

    name: str
    begins_at: datetime
    ends_at: datetime


def month_before(began_at: datetime, zone: tzinfo) -> IssuingMonth:
    """The month that ended when the one of `began_at` began."""
    first_day = began_at.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    before = (first_day - timedelta(days=1)).replace(day=1)
    return IssuingMonth(f"{before:%Y-%m}", before, first_day)


def month_of(issued_at: datetime, zone: tzinfo) -> str:
    """The month of a coupon's issue, `YYYY-MM`."""
    return f"{issued_at.astimezone(zone):%Y-%m}"


def time_of_issue(now: datetime, open_since: datetime | None) -> datetime:
    """The time to record: a clock that lags never puts a coupon into a month that was closed."""
    return now if open_since is None else max(now, open_since)
