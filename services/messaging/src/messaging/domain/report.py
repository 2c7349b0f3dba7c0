"""Raw reports of a provider: kept, tried again, and listed when nothing of ours matches them (MSG-01, MSG-02)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID


class ReportWay(StrEnum):
    """How a report reached us first."""

    PUSH = "push"
    POLL = "poll"


@dataclass(frozen=True)
class RawReport:
    """A report as it came."""

    id: UUID
    key: str
    body: str
    received_at: datetime

    def is_hopeless(self, now: datetime, kept: timedelta) -> bool:
        """Whether it matched nothing for so long that operators look at it instead."""
        return now >= self.received_at + kept


@dataclass(frozen=True)
class ReportCount:
    """Reports of a Seoul day: what was pushed, what only asking brought, and what matches nothing of ours.

    Where a provider pushes and is asked too, many that only asking brought mean that its pushes get lost.
    """

    day: date
    pushed: int
    polled: int
    unmatched: int
