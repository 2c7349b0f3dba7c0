"""What ordering wants its recipients to be told."""

from collections.abc import Callable

from contracts.ordering.dispatches import DispatchRequested
from messaging.application.dispatching import dispatch
from messaging.application.ports import Opener, UnitOfWork
from messaging.domain.night import NightHours


def dispatch_requested(opener: Opener, night: NightHours) -> Callable[[DispatchRequested, UnitOfWork], None]:
    """Queue the chunk's messages."""
    return lambda event, uow: dispatch(event, uow, opener, night)
