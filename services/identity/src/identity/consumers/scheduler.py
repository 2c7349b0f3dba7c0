"""What the scheduler says: a timer of ours is due."""

from uuid import UUID

from chassis.consumer import Poison
from contracts.scheduler import TimerFired
from identity.application.expiry import ExpireSignUp, expire_sign_up
from identity.application.messages import EXPIRY_PREFIX
from identity.application.ports import UnitOfWork


def timer_fired(event: TimerFired, uow: UnitOfWork) -> None:
    """End the application whose timer it is; a key that names none was never ours."""
    prefix, _, sign_up_id = event.key.partition("/")
    if prefix != EXPIRY_PREFIX:
        raise Poison(f"no timer of ours: {event.key}")
    try:
        command = ExpireSignUp(UUID(sign_up_id))
    except ValueError:
        raise Poison(f"no timer of ours: {event.key}") from None
    expire_sign_up(command, uow)
