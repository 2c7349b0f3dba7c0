"""What the scheduler has still to do at a moment, for the stepping of the sandbox's clock (SCH-03)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.stepping import Work
from scheduler.application.ports import CalendarTimes
from scheduler.domain.calendar import CALENDARS, MONTHS
from scheduler.domain.timer import TimerState
from scheduler.storage.tables import calendars, timers

_WAITING = timers.c.state == TimerState.WAITING.value


def _due_timers(session: Session, now: datetime) -> int:
    return session.scalar(select(func.count()).select_from(timers).where(_WAITING, timers.c.due_at <= now)) or 0


def _next_timer(session: Session, now: datetime) -> datetime | None:
    due_at: datetime | None = session.scalar(select(func.min(timers.c.due_at)).where(_WAITING, timers.c.due_at > now))
    return due_at


def open_work(times: CalendarTimes) -> tuple[Work, ...]:
    """Timers and what the calendars bring.

    The clock does not stop at every day: whoever waits for one says when, and those passed over are caught up.
    """

    def unsaid(session: Session, now: datetime) -> int:
        said = {row.name: row.last_at for row in session.execute(select(calendars))}
        return sum(
            calendar.name not in said or said[calendar.name] < times.last(calendar, now) for calendar in CALENDARS
        )

    def next_month(_: Session, now: datetime) -> datetime:
        return next(times.after(MONTHS, now))

    return (Work("timers", _due_timers, _next_timer), Work("calendars", unsaid, next_month))
