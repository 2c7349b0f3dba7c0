"""Timers in PostgreSQL: one row a key, found by a partial index on the due time of those that wait."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, delete, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.bulk import BulkUpdate
from scheduler.application.ports import TimerFilter
from scheduler.domain.timer import Timer, TimerState
from scheduler.storage.tables import timers

_WAITING = timers.c.state == literal(TimerState.WAITING.value, literal_execute=True)
"""Written out in the statement: a plan for any state could not use the index of those that wait."""
_RECORD_FIRED = BulkUpdate(timers, keys=("id",), changing=("state", "fired_at"))


class PostgresTimers:
    """`Timers` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, timer: Timer) -> bool:
        """Insert, or replace one of a lower version; False when an equal or higher version stands."""
        statement = insert(timers).values(asdict(timer))
        replaced = {name: statement.excluded[name] for name in ("id", "version", "due_at", "state", "fired_at")}
        statement = statement.on_conflict_do_update(
            index_elements=[timers.c.asker, timers.c.key],
            set_=replaced,
            where=timers.c.version < statement.excluded.version,
        )
        return self._session.execute(statement.returning(timers.c.id)).first() is not None

    def claim_due(self, now: datetime, rows_max: int) -> Sequence[Timer]:
        """Waiting timers due at `now`, earliest first, locked for this transaction and skipped by others."""
        statement = (
            select(timers)
            .where(_WAITING, timers.c.due_at <= now)
            .order_by(timers.c.due_at, timers.c.id)
            .limit(rows_max)
            .with_for_update(skip_locked=True)
        )
        return [_timer(row) for row in self._session.execute(statement)]

    def record_fired(self, fired: Sequence[Timer]) -> None:
        """Store the firing of claimed timers."""
        rows = [(timer.id, timer.state.value, timer.fired_at) for timer in fired]
        _RECORD_FIRED.execute(self._session, rows)

    def forget_settled(self, before: datetime, rows_max: int) -> int:
        """Delete timers fired or cancelled whose due time lies before; how many went."""
        old = (
            select(timers.c.id)
            .where(timers.c.state != TimerState.WAITING.value, timers.c.due_at < before)
            .limit(rows_max)
            .with_for_update(skip_locked=True)
        )
        gone = self._session.execute(delete(timers).where(timers.c.id.in_(old)).returning(timers.c.id))
        return len(gone.all())

    def page(self, which: TimerFilter, *, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Timer]:
        """A page of timers by due time, for operators; `after` is the due time and id that the last page ended with."""
        statement = select(timers).order_by(timers.c.due_at, timers.c.id).limit(limit)
        if which.asker is not None:
            statement = statement.where(timers.c.asker == which.asker)
        if which.state is not None:
            statement = statement.where(timers.c.state == which.state.value)
        if which.key is not None:
            statement = statement.where(timers.c.key.startswith(which.key, autoescape=True))
        if which.due_before is not None:
            statement = statement.where(timers.c.due_at < which.due_before)
        if after is not None:
            due_at, timer_id = after
            later = timers.c.due_at > due_at
            statement = statement.where(later | ((timers.c.due_at == due_at) & (timers.c.id > timer_id)))
        return [_timer(row) for row in self._session.execute(statement)]


def _timer(row: Row[tuple[object, ...]]) -> Timer:
    return Timer(
        id=row.id,
        asker=row.asker,
        key=row.key,
        version=row.version,
        due_at=row.due_at,
        state=TimerState(row.state),
        fired_at=row.fired_at,
    )
