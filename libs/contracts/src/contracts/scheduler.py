"""What the scheduler is asked and says: durable timers and calendars (SCH-01, SCH-02)."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from contracts.event import Event, EventKind
from contracts.values import SeoulMonth, UtcTime, Version


class SetTimer(Event):
    """Set or move the asker's timer of this key; the highest version wins, whatever the order of arrival."""

    type: ClassVar[str] = "scheduler.set_timer.v1"
    kind: ClassVar[EventKind] = EventKind.COMMAND
    summary: ClassVar[str] = "Set or move a timer by its key."

    asker: str
    key: str
    version: Version
    due_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.asker}/{self.key}"


class CancelTimer(Event):
    """Cancel the asker's timer of this key; unknown and fired ones are no error."""

    type: ClassVar[str] = "scheduler.cancel_timer.v1"
    kind: ClassVar[EventKind] = EventKind.COMMAND
    summary: ClassVar[str] = "Cancel a timer by its key."

    asker: str
    key: str
    version: Version

    @property
    def subject(self) -> str:
        return f"{self.asker}/{self.key}"


class TimerFired(Event):
    """A timer is due; goes to its asker only."""

    type: ClassVar[str] = "scheduler.timer_fired.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A timer is due; the routing key ends in the asker's name."

    timer_id: UUID
    asker: str
    key: str
    version: Version
    due_at: UtcTime
    fired_at: UtcTime

    @property
    def subject(self) -> str:
        return f"{self.asker}/{self.key}"

    @property
    def routing_key(self) -> str:
        return self.binding_key(self.asker)

    @classmethod
    def binding_key(cls, service: str) -> str:
        return f"{cls.type}.{service}"


class MonthTurned(Event):
    """A month began in Asia/Seoul."""

    type: ClassVar[str] = "scheduler.month_turned.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A month began in Asia/Seoul."

    month: SeoulMonth
    began_at: UtcTime

    @property
    def subject(self) -> str:
        return self.month


class DayOpened(Event):
    """It is 09:00 in Asia/Seoul: what is due on this day is done now (SCH-01, SCH-04)."""

    type: ClassVar[str] = "scheduler.day_opened.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "It is 09:00 in Asia/Seoul on a day."

    day: date
    opened_at: UtcTime

    @property
    def subject(self) -> str:
        return self.day.isoformat()


class DayBegan(Event):
    """It is 02:00 in Asia/Seoul: what the day's sendings need is made now (ANN-02)."""

    type: ClassVar[str] = "scheduler.day_began.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "It is 02:00 in Asia/Seoul on a day."

    day: date
    began_at: UtcTime

    @property
    def subject(self) -> str:
        return self.day.isoformat()
