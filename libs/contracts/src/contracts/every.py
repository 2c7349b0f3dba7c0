"""Imports every publisher's module, so that the register of events is whole."""

from contracts import audit, catalog, identity, messaging, ordering, scheduler, wallet
from contracts.event import Event, event_classes

__all__ = ["every_event"]

PUBLISHERS = (audit, catalog, identity, messaging, ordering, scheduler, wallet)


def every_event() -> tuple[type[Event], ...]:
    """Every event and command of the suite, ordered by wire name."""
    return event_classes()
