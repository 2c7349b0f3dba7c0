"""Night hours hold back advertising only: what belongs to an order, an account or a code always goes (MSG-06)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")


class MessagePurpose(StrEnum):
    """Why somebody gets a message."""

    ORDER = "order"
    NOTICE = "notice"
    ADVERTISING = "advertising"


@dataclass(frozen=True)
class NightHours:
    """The hours of the night in Asia/Seoul, from the first of them to the first of the day; both are settings."""

    begins_at: time
    ends_at: time

    def held_until(self, purpose: MessagePurpose, at: datetime) -> datetime | None:
        """Until when a message that is ready at a moment waits: advertising at night until the day begins.

        None for every other: it goes at once.
        """
        local = at.astimezone(SEOUL)
        if purpose is not MessagePurpose.ADVERTISING or not self._covers(local.time()):
            return None
        day = local.date() + timedelta(days=1 if local.time() >= self.ends_at else 0)
        return datetime.combine(day, self.ends_at, SEOUL).astimezone(at.tzinfo)

    def _covers(self, moment: time) -> bool:
        if self.begins_at <= self.ends_at:
            return self.begins_at <= moment < self.ends_at
        return moment >= self.begins_at or moment < self.ends_at
