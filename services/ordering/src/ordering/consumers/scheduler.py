"""What the scheduler says: an order's waiting or time is over, a day opened, a month turned."""

from collections.abc import Callable, Mapping
from uuid import UUID

from chassis.consumer import Poison
from contracts.scheduler import DayOpened, MonthTurned, TimerFired
from ordering.application.choices import end_due_choices
from ordering.application.funds import stop_waiting
from ordering.application.month_closing import close_month_before
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


def month_turned(event: MonthTurned, uow: UnitOfWork) -> None:
    """Close the month of issue before it; its figures are said once it is closed."""
    close_month_before(event.began_at, uow)
