"""One-time codes that other services made."""

from collections.abc import Callable

from contracts.messaging import SendCode
from messaging.application.codes import queue_code
from messaging.application.ports import Opener, UnitOfWork


def code_to_send(opener: Opener) -> Callable[[SendCode, UnitOfWork], None]:
    """Queue the code, in the lane of codes."""
    return lambda event, uow: queue_code(event, uow, opener)
