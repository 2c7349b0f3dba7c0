"""What the scheduler says: timers of ours that are due."""

from collections.abc import Mapping
from typing import Any

from chassis.consumer import Handler, Poison
from contracts.scheduler import TimerFired
from wallet.application.charges import charge_of_timer, expire_charge
from wallet.application.ports import UnitOfWork
from wallet.domain.errors import UnknownChargeError


def timer_fired(event: TimerFired, uow: UnitOfWork) -> None:
    """End the charge whose window is over."""
    try:
        charge_id = charge_of_timer(event.key)
        if charge_id is None:
            raise Poison(f"no timer of ours: {event.key}")
        expire_charge(charge_id, uow)
    except (ValueError, UnknownChargeError) as error:
        raise Poison(str(error)) from error


HANDLERS: Mapping[Any, Handler[UnitOfWork]] = {TimerFired: timer_fired}
