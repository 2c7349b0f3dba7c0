"""What the scheduler says: a wait is over, an order's time has come, a price holds; a day began, a month turned."""

from collections.abc import Callable, Mapping
from uuid import UUID

from chassis.consumer import Poison
from contracts.scheduler import DayBegan, DayOpened, MonthTurned, TimerFired
from ordering.application.choices import end_due_choices
from ordering.application.funds import stop_waiting
from ordering.application.month_closing import close_month_before
from ordering.application.placing import RESERVATION_TIMER, SENDING_TIMER
from ordering.application.plan_days import begin_day
from ordering.application.plan_stops import PRICE_TIMER, stop_plans_of_offer
from ordering.application.ports import UnitOfWork
from ordering.application.scheduling import start_sending

_DUE: Mapping[str, Callable[[UUID, UnitOfWork], None]] = {
    RESERVATION_TIMER: stop_waiting,
    SENDING_TIMER: start_sending,
    PRICE_TIMER: stop_plans_of_offer,
}
"""What a timer's key begins with, and what is due; the id of the order or the offer follows."""


def timer_fired(event: TimerFired, uow: UnitOfWork) -> None:
    """Do what the key names. Raises `Poison` for a key that is none of ours."""
    kind, slash, rest = event.key.partition("/")
    try:
        due, subject_id = _DUE[kind + slash], UUID(rest.partition("/")[0])
    except (KeyError, ValueError):
        raise Poison("a timer with a key that is none of ours") from None
    due(subject_id, uow)


def day_began(event: DayBegan, uow: UnitOfWork) -> None:
    """Make the orders of the day's anniversaries due, and say which are near."""
    begin_day(event.day, uow)


def day_opened(event: DayOpened, uow: UnitOfWork) -> None:  # noqa: ARG001 - which day it is, the clock says
    """End the choices whose time is over."""
    end_due_choices(uow)


def month_turned(event: MonthTurned, uow: UnitOfWork) -> None:
    """Close the month of issue before it; its figures are said once it is closed."""
    close_month_before(event.began_at, uow)
