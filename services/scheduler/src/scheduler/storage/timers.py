"""Timers in PostgreSQL: one row a key, found by a partial index on the due time of those that wait."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.domain.timer import Timer, TimerState
from scheduler.storage.tables import timers


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
            .where(timers.c.state == TimerState.WAITING.value, timers.c.due_at <= now)
            .order_by(timers.c.due_at, timers.c.id)
            .limit(rows_max)
            .with_for_update(skip_locked=True)
        )
        return [_timer(row) for row in self._session.execute(statement)]

    def record_fired(self, fired: Sequence[Timer]) -> None:
        """Store the firing of claimed timers."""
        if not fired:
            return
        statement = (
            update(timers)
            .where(timers.c.id == bindparam("timer_id"))
            .values(state=TimerState.FIRED.value, fired_at=bindparam("at"))
        )
        self._session.connection().execute(statement, [{"timer_id": timer.id, "at": timer.fired_at} for timer in fired])

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

    def page(
        self, *, asker: str | None, state: TimerState | None, after: tuple[datetime, UUID] | None, limit: int
    ) -> Sequence[Timer]:
        """A page of timers by due time, for operators; `after` is the due time and id that the last page ended with."""
        statement = select(timers).order_by(timers.c.due_at, timers.c.id).limit(limit)
        if asker is not None:
            statement = statement.where(timers.c.asker == asker)
        if state is not None:
            statement = statement.where(timers.c.state == state.value)
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
