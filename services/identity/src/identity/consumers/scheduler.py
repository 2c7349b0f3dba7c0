"""What the scheduler says: a timer of ours is due."""

from collections.abc import Callable, Mapping
from uuid import UUID

from chassis.consumer import Poison
from contracts.scheduler import TimerFired
from identity.application.expiry import ExpireSignUp, expire_sign_up
from identity.application.invitations import ExpireInvitation, expire_invitation
from identity.application.messages import EXPIRY_PREFIX, INVITATION_PREFIX
from identity.application.ports import UnitOfWork

_BY_PREFIX: Mapping[str, Callable[[UUID, UnitOfWork], None]] = {
    EXPIRY_PREFIX: lambda sign_up_id, uow: expire_sign_up(ExpireSignUp(sign_up_id), uow),
    INVITATION_PREFIX: lambda invitation_id, uow: expire_invitation(ExpireInvitation(invitation_id), uow),
}


def timer_fired(event: TimerFired, uow: UnitOfWork) -> None:
    """Do what the timer was set for; a key that names nothing of ours was never ours."""
    prefix, _, subject_id = event.key.partition("/")
    if prefix not in _BY_PREFIX:
        raise Poison(f"no timer of ours: {event.key}")
    try:
        subject = UUID(subject_id)
    except ValueError:
        raise Poison(f"no timer of ours: {event.key}") from None
    _BY_PREFIX[prefix](subject, uow)
