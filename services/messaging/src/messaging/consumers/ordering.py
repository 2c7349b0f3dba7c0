"""What ordering wants its recipients to be told."""

from collections.abc import Callable

from contracts.ordering import DispatchRequested
from messaging.application.dispatching import dispatch
from messaging.application.ports import Opener, UnitOfWork


def dispatch_requested(opener: Opener) -> Callable[[DispatchRequested, UnitOfWork], None]:
    """Queue the chunk's messages."""
    return lambda event, uow: dispatch(event, uow, opener)
