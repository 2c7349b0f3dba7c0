"""What ordering and wallet say that members want to be told (MSG-07)."""

from collections.abc import Callable
from typing import Any, TypeVar

from chassis.consumer import NotYet
from contracts.event import Event
from contracts.ordering.orders import ChoicesStopped, OrderRejected, OrderSent
from contracts.ordering.plans import PlanStopped
from contracts.wallet import BalanceLow, ForecastShort, InvoiceIssued
from messaging.application.notices import (
    tell_balance_low,
    tell_choices_stopped,
    tell_forecast_short,
    tell_invoice_issued,
    tell_order_rejected,
    tell_order_sent,
    tell_plan_stopped,
)
from messaging.application.notification_ports import Early, NotificationWork
from messaging.application.notifications import Notifying

EventT = TypeVar("EventT", bound=Event)


def notice_handlers(notifying: Notifying) -> dict[Any, Callable[[Any, NotificationWork], None]]:
    """A handler for each event of the lane."""
    return {
        OrderSent: _telling(tell_order_sent, notifying),
        OrderRejected: _telling(tell_order_rejected, notifying),
        ChoicesStopped: _telling(tell_choices_stopped, notifying),
        PlanStopped: _telling(tell_plan_stopped, notifying),
        BalanceLow: _telling(tell_balance_low, notifying),
        InvoiceIssued: _telling(tell_invoice_issued, notifying),
        ForecastShort: _telling(tell_forecast_short, notifying),
    }


def _telling(
    tell: Callable[[EventT, NotificationWork, Notifying], None], notifying: Notifying
) -> Callable[[EventT, NotificationWork], None]:
    def handle(event: EventT, work: NotificationWork) -> None:
        try:
            tell(event, work, notifying)
        except Early as early:
            raise NotYet(early.key) from early

    handle.__name__ = tell.__name__
    return handle
