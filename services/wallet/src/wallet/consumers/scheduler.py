"""What the scheduler says: timers of ours that are due, and days that open."""

from collections.abc import Mapping
from typing import Any

from chassis.consumer import Handler, Poison
from contracts.scheduler import DayOpened, TimerFired
from wallet.application.charges import charge_of_timer, expire_charge
from wallet.application.daily_checks import ask_for_checks
from wallet.application.invoices import destroy_old_invoices
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


def calendar_handlers(*, invoice_kept_years: int) -> Mapping[Any, Handler[UnitOfWork]]:
    """What is done on the days that open."""

    def day_opened(event: DayOpened, uow: UnitOfWork) -> None:
        """Ask for the checks of the day, and destroy the invoices that were kept long enough (WAL-15)."""
        ask_for_checks(event.day, uow)
        destroy_old_invoices(uow, invoice_kept_years)

    return {DayOpened: day_opened}


HANDLERS: Mapping[Any, Handler[UnitOfWork]] = {TimerFired: timer_fired}
