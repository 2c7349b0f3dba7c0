"""A coupon as its recipient sees it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import quote
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
PICTURES_PATH = "/v1/images/"
NUMBER_GROUP_CHARACTERS = 4
ENDING_SOON_DAYS = 7
"""From when on the days that are left are pointed out."""


class CouponState(StrEnum):
    """The states that the ordering service shows to recipients (ORD-19)."""

    ISSUED = "issued"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Coupon:
    """One coupon of a line. `expires_at` is the last moment at which it can be used, aware; no repr shows numbers."""

    item_no: int
    state: CouponState
    brand_name: str
    product_name: str
    picture_path: str
    notice: str
    expires_at: datetime | None = None
    number: str | None = field(default=None, repr=False)
    barcode_value: str | None = field(default=None, repr=False)

    def state_at(self, at: datetime) -> CouponState:
        """The state, where one that was issued has expired by the clock although nobody said so yet."""
        is_over = self.state is CouponState.ISSUED and self.expires_at is not None and self.expires_at < at
        return CouponState.EXPIRED if is_over else self.state

    def is_usable(self, at: datetime) -> bool:
        """Whether a shop would take it."""
        return self.state_at(at) is CouponState.ISSUED and self.barcode_value is not None

    @property
    def picture_address(self) -> str | None:
        """Where the catalogue shows the product's picture, on this very host."""
        return PICTURES_PATH + quote(self.picture_path) if self.picture_path else None

    @property
    def expires_on(self) -> date | None:
        """Its last day, in Seoul."""
        return self.expires_at.astimezone(SEOUL).date() if self.expires_at else None

    def days_left(self, at: datetime) -> int | None:
        """Days until the last day, 0 on the day itself; None when it has none."""
        return (self.expires_on - at.astimezone(SEOUL).date()).days if self.expires_on else None


def grouped(number: str) -> str:
    """A number in groups of four, as it is read out; one that comes in groups of its own stays."""
    if not number.isalnum():
        return number
    groups = (
        number[start : start + NUMBER_GROUP_CHARACTERS] for start in range(0, len(number), NUMBER_GROUP_CHARACTERS)
    )
    return " ".join(groups)


def korean_date(day: date) -> str:
    """A day as Koreans write it."""
    return f"{day.year}년 {day.month}월 {day.day}일"
