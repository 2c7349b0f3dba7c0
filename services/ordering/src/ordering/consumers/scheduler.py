"""What the scheduler says: a reservation has been waited for long enough, a scheduled order's time has come."""

from collections.abc import Callable, Mapping
from uuid import UUID

from chassis.consumer import Poison
from contracts.scheduler import DayOpened, TimerFired
from ordering.application.choices import end_due_choices
from ordering.application.funds import stop_waiting
from ordering.application.placing import RESERVATION_TIMER, SENDING_TIMER
from ordering.application.ports import UnitOfWork
from ordering.application.scheduling import start_sending

_DUE: Mapping[str, Callable[[UUID, UnitOfWork], None]] = {RESERVATION_TIMER: stop_waiting, SENDING_TIMER: start_sending}
"""What a timer's key begins with, and what is due; the order's id follows."""


def timer_fired(event: TimerFired, uow: UnitOfWork) -> None:
    """Do what the key names. Raises `Poison` for a key that is none of ours."""
    kind, slash, order_id = event.key.partition("/")
    try:
        due, order = _DUE[kind + slash], UUID(order_id)
    except (KeyError, ValueError):
        raise Poison("a timer with a key that is none of ours") from None
    due(order, uow)


def day_opened(event: DayOpened, uow: UnitOfWork) -> None:  # noqa: ARG001 - which day it is, the clock says
    """End the choices whose time is over."""
    end_due_choices(uow)
