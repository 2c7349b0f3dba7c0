"""What the use cases need from the outside."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from contracts.event import Event
from scheduler.domain.month import SeoulMonth
from scheduler.domain.timer import Timer, TimerState


class Timers(Protocol):
    """The timers, one a key of an asker."""

    def put(self, timer: Timer) -> bool:
        """Insert, or replace one of a lower version; False when an equal or higher version stands."""

    def claim_due(self, now: datetime, rows_max: int) -> Sequence[Timer]:
        """Waiting timers due at `now`, earliest first, locked for this transaction and skipped by others."""

    def record_fired(self, timers: Sequence[Timer]) -> None:
        """Store the firing of claimed timers."""

    def page(
        self, *, asker: str | None, state: TimerState | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Timer]:
        """A page by due time; `after` is the due time and id that the last page ended with."""

    def forget_settled(self, before: datetime, rows_max: int) -> int:
        """Delete timers fired or cancelled whose due time lies before; how many went."""


class Months(Protocol):
    """The last month whose turn was said."""

    def claim_last(self, start: SeoulMonth) -> SeoulMonth | None:
        """The last month said, locked for this transaction; `start` at the very first; None while another holds it."""

    def record(self, month: SeoulMonth) -> None:
        """Store that this month's turn was said."""


class Days(Protocol):
    """The last day whose opening was said."""

    def claim_last(self, start: date) -> date | None:
        """The last day said, locked for this transaction; `start` at the very first; None while another holds it."""

    def record(self, day: date) -> None:
        """Store that this day's opening was said."""


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
    def months(self) -> Months: ...
    @property
    def days(self) -> Days: ...
    @property
    def outbox(self) -> Outbox: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""

    def new_id(self) -> UUID:
        """A fresh id."""


Transaction = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a transaction that commits at the end of its block."""
