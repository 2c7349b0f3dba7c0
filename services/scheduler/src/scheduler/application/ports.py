"""What the use cases need from the outside."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from contracts.event import Event
from scheduler.domain.calendar import Calendar
from scheduler.domain.timer import Timer, TimerState


@dataclass(frozen=True)
class TimerFilter:
    """What a list of timers is narrowed to; None is everything. `key` is how keys begin."""

    asker: str | None = None
    state: TimerState | None = None
    key: str | None = None
    due_before: datetime | None = None


class Timers(Protocol):
    """The timers, one a key of an asker."""

    def put(self, timer: Timer) -> bool:
        """Insert, or replace one of a lower version; False when an equal or higher version stands."""

    def claim_due(self, now: datetime, rows_max: int) -> Sequence[Timer]:
        """Waiting timers due at `now`, earliest first, locked for this transaction and skipped by others."""

    def record_fired(self, timers: Sequence[Timer]) -> None:
        """Store the firing of claimed timers."""

    def page(self, which: TimerFilter, *, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Timer]:
        """A page by due time; `after` is the due time and id that the last page ended with."""

    def forget_settled(self, before: datetime, rows_max: int) -> int:
        """Delete timers fired or cancelled whose due time lies before; how many went."""


class Calendars(Protocol):
    """The last moment of each calendar that was said."""

    def claim(self) -> bool:
        """Lock the calendars for this transaction; False while another scheduler holds them."""

    def last_said(self) -> dict[str, datetime]:
        """The last moments by the calendars' names; none of one that was never said."""

    def record(self, name: str, at: datetime) -> None:
        """Store that this moment was said."""


class CalendarTimes(Protocol):
    """When calendars come."""

    def last(self, calendar: Calendar, now: datetime) -> datetime:
        """The calendar's last moment at or before `now`, in UTC."""

    def after(self, calendar: Calendar, moment: datetime) -> Iterator[datetime]:
        """The calendar's moments after `moment`, earliest first, in UTC and without end."""


class Outbox(Protocol):
    """Events of the transaction."""

    def add(self, event: Event) -> None:
        """Say an event when the transaction commits."""

    def add_all(self, events: Iterable[Event]) -> None:
        """Say several events when the transaction commits."""


class UnitOfWork(Protocol):
    """One transaction: what it reads, writes and says."""

    @property
    def timers(self) -> Timers: ...
    @property
    def calendars(self) -> Calendars: ...
    @property
    def outbox(self) -> Outbox: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""

    def new_id(self) -> UUID:
        """A fresh id."""


Transaction = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a transaction that commits at the end of its block."""
