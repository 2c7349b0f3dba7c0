"""The turn of a month in Asia/Seoul (SCH-01)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


@dataclass(frozen=True, order=True)
class SeoulMonth:
    """A calendar month of Asia/Seoul."""

    year: int
    month: int

    @classmethod
    def of(cls, moment: datetime) -> "SeoulMonth":
        """The month that an aware moment lies in."""
        local = moment.astimezone(SEOUL)
        return cls(local.year, local.month)

    @property
    def began_at(self) -> datetime:
        """The month's first moment, in UTC."""
        return datetime(self.year, self.month, 1, tzinfo=SEOUL).astimezone(UTC)

    @property
    def next(self) -> "SeoulMonth":
        """The month after."""
        return SeoulMonth(self.year + self.month // 12, self.month % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def months_begun(after: SeoulMonth, now: datetime) -> list[SeoulMonth]:
    """The months that began since `after`, up to and with the one that `now` lies in, oldest first.

    A scheduler that was down over several turns catches up on each of them, in order (SCH-02).
    """
    begun = []
    month = after.next
    while month <= SeoulMonth.of(now):
        begun.append(month)
        month = month.next
    return begun
