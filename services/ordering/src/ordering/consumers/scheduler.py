"""What the scheduler says: a reservation has been waited for long enough."""

from uuid import UUID

from chassis.consumer import Poison
from contracts.scheduler import TimerFired
from ordering.application.funds import stop_waiting
from ordering.application.placing import RESERVATION_TIMER
from ordering.application.ports import UnitOfWork


def timer_fired(event: TimerFired, uow: UnitOfWork) -> None:
    """Stop waiting for the order's money. Raises `Poison` for a key that is none of ours."""
    try:
        order_id = UUID(event.key.removeprefix(RESERVATION_TIMER))
    except ValueError:
        raise Poison("a timer with a key that is none of ours") from None
    stop_waiting(order_id, uow)
