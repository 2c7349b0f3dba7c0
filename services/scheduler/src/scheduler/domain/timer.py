"""A timer of an asker: set, moved, cancelled, fired once in effect (SCH-02)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class TimerState(StrEnum):
    """Where a timer stands; each may be set anew by a higher version."""

    WAITING = "waiting"
    FIRED = "fired"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Timer:
    """One key of one asker. A higher version replaces a lower one, whatever the order in which they come."""

    id: UUID
    asker: str
    key: str
    version: int
    due_at: datetime
    state: TimerState
    fired_at: datetime | None = None

    def superseded_by(self, version: int) -> bool:
        """Whether a request of this version counts; an equal one is a repetition and does not."""
        return version > self.version

    def fire(self, at: datetime) -> "Timer":
        """The timer after firing at `at`. Raises `NotDueError` for one that does not wait, or is not yet due."""
        if self.state is not TimerState.WAITING or at < self.due_at:
            raise NotDueError(self, at)
        return replace(self, state=TimerState.FIRED, fired_at=at)

    def lateness(self, at: datetime) -> timedelta:
        """How long after its due time the timer fires at `at`; never negative."""
        return max(at - self.due_at, timedelta())


class NotDueError(Exception):
    """A timer must not fire at this moment."""

    def __init__(self, timer: Timer, at: datetime) -> None:
        super().__init__(f"timer {timer.asker}/{timer.key} ({timer.state}) is not due at {at.isoformat()}")
        self.timer = timer
        self.at = at
