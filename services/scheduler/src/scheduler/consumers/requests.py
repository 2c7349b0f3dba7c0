"""Timers that other services ask for."""

from contracts import scheduler as asked
from scheduler.application.ports import UnitOfWork
from scheduler.application.timers import CancelTimer, SetTimer, cancel_timer, set_timer


def timer_asked_for(event: asked.SetTimer, uow: UnitOfWork) -> None:
    """A service sets or moves one of its timers."""
    set_timer(SetTimer(event.asker, event.key, event.version, event.due_at), uow)


def timer_given_up(event: asked.CancelTimer, uow: UnitOfWork) -> None:
    """A service cancels one of its timers."""
    cancel_timer(CancelTimer(event.asker, event.key, event.version), uow)
