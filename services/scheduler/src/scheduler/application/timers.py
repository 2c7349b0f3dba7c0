"""Setting, moving, cancelling and firing timers."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.scheduler import TimerFired
from scheduler.application.ports import UnitOfWork
from scheduler.domain.timer import Timer, TimerState


@dataclass(frozen=True)
class SetTimer:
    """Set or move the asker's timer of this key."""

    asker: str
    key: str
    version: int
    due_at: datetime


def set_timer(command: SetTimer, uow: UnitOfWork) -> None:
    """Let the timer wait for its due time; a version that is not higher than the one known changes nothing."""
    uow.timers.put(Timer(uow.new_id(), command.asker, command.key, command.version, command.due_at, TimerState.WAITING))


@dataclass(frozen=True)
class CancelTimer:
    """Cancel the asker's timer of this key."""

    asker: str
    key: str
    version: int


def cancel_timer(command: CancelTimer, uow: UnitOfWork) -> None:
    """Cancel the timer; one never heard of leaves a mark, so that a setting that comes later stays cancelled."""
    uow.timers.put(Timer(uow.new_id(), command.asker, command.key, command.version, uow.now(), TimerState.CANCELLED))


@dataclass(frozen=True)
class FireDueTimers:
    """Fire what is due, at most so many at once, so that catching up after a downtime floods nobody."""

    rows_max: int


def fire_due_timers(command: FireDueTimers, uow: UnitOfWork) -> list[timedelta]:
    """Fire due timers in order of their due times and say so; the lateness of each (SCH-02)."""
    now = uow.now()
    fired = [timer.fire(now) for timer in uow.timers.claim_due(now, command.rows_max)]
    uow.timers.record_fired(fired)
    uow.outbox.add_all([_said(timer, now) for timer in fired])
    return [timer.lateness(now) for timer in fired]


def _said(timer: Timer, now: datetime) -> TimerFired:
    return TimerFired(
        timer_id=timer.id,
        asker=timer.asker,
        key=timer.key,
        version=timer.version,
        due_at=timer.due_at,
        fired_at=now,
    )


@dataclass(frozen=True)
class ForgetSettledTimers:
    """Delete timers that were fired or cancelled long ago."""

    kept: timedelta
    rows_max: int


def forget_settled_timers(command: ForgetSettledTimers, uow: UnitOfWork) -> int:
    """Delete a bounded number of settled timers; how many went."""
    return uow.timers.forget_settled(uow.now() - command.kept, command.rows_max)
