"""Which products are chosen most: by coupons issued lately (CAT-03)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from catalog.domain.errors import TooManyTabs

SEOUL = ZoneInfo("Asia/Seoul")
TABS_MAX = 10
"""Categories beside the tab of all products."""


@dataclass(frozen=True)
class IssueFact:
    """The name of a fact that is counted once for ever: ordering's (order, chunk, wave)."""

    order_id: UUID
    chunk_no: int
    wave: int


@dataclass(frozen=True)
class Tally:
    """Coupons of a product that were issued at a moment."""

    product_id: UUID
    coupons: int
    issued_at: datetime

    @property
    def issued_on(self) -> date:
        """The day in Asia/Seoul."""
        return day_of(self.issued_at)


def first_day_that_counts(now: datetime, popular_days: int) -> date:
    """The oldest day whose coupons count: so many days, today being one of them, in Asia/Seoul (CAT-03)."""
    return day_of(now) - timedelta(days=popular_days - 1)


def day_of(moment: datetime) -> date:
    """The day of a moment in Asia/Seoul."""
    return moment.astimezone(SEOUL).date()


def checked_tabs(category_codes: tuple[str, ...]) -> tuple[str, ...]:
    """The tabs, each category once, in the order given. Raises `TooManyTabs`."""
    tabs = tuple(dict.fromkeys(category_codes))
    if len(tabs) > TABS_MAX:
        raise TooManyTabs(len(tabs), TABS_MAX)
    return tabs
