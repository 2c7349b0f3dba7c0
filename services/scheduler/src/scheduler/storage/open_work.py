"""What the scheduler has still to do at a moment, for the stepping of the sandbox's clock (SCH-03)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.stepping import Work
from scheduler.domain.day import last_opened
from scheduler.domain.month import SeoulMonth
from scheduler.domain.timer import TimerState
from scheduler.storage.tables import day_openings, month_turns, timers

_WAITING = timers.c.state == TimerState.WAITING.value


def _due_timers(session: Session, now: datetime) -> int:
    return session.scalar(select(func.count()).select_from(timers).where(_WAITING, timers.c.due_at <= now)) or 0


def _next_timer(session: Session, now: datetime) -> datetime | None:
    due_at: datetime | None = session.scalar(select(func.min(timers.c.due_at)).where(_WAITING, timers.c.due_at > now))
    return due_at


def _unsaid_months(session: Session, now: datetime) -> int:
    last = session.scalar(select(month_turns.c.last_month))
    return int(last is None or last < str(SeoulMonth.of(now)))


def _next_month(_: Session, now: datetime) -> datetime:
    return SeoulMonth.of(now).next.began_at


def _unsaid_days(session: Session, now: datetime) -> int:
    last = session.scalar(select(day_openings.c.last_day))
    return int(last is None or last < last_opened(now))


def _no_day(_: Session, __: datetime) -> None:
    """The clock does not stop at every day: whoever waits for one says when, and those passed over are caught up."""


WORK = (
    Work("timers", _due_timers, _next_timer),
    Work("month turns", _unsaid_months, _next_month),
    Work("day openings", _unsaid_days, _no_day),
)
