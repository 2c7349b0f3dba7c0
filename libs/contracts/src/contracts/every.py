"""Imports every publisher's module, so that the register of events is whole."""

from contracts import audit, catalog, identity, messaging, scheduler, wallet
from contracts.event import Event, event_classes
from contracts.ordering import coupons, dispatches, orders, plans

__all__ = ["every_event"]

PUBLISHERS = (audit, catalog, identity, messaging, orders, coupons, dispatches, plans, scheduler, wallet)


def every_event() -> tuple[type[Event], ...]:
    """Every event and command of the suite, ordered by wire name."""
    return event_classes()
