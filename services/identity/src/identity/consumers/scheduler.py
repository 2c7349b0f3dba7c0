"""What the scheduler says: a timer of ours is due."""

from collections.abc import Callable, Mapping
from uuid import UUID

from chassis.consumer import Poison
from contracts.scheduler import TimerFired
from identity.application.dormancy import LookAfterAccount, look_after_account
from identity.application.erasure import EraseMember, erase_member
from identity.application.expiry import ExpireSignUp, expire_sign_up
from identity.application.invitations import ExpireInvitation, expire_invitation
from identity.application.messages import DORMANCY_PREFIX, ERASURE_PREFIX, EXPIRY_PREFIX, INVITATION_PREFIX
from identity.application.ports import UnitOfWork
from identity.domain.dormancy import DormancyRules
from identity.domain.withdrawal import WithdrawalRules


def timer_handler(dormancy: DormancyRules, withdrawal: WithdrawalRules) -> Callable[[TimerFired, UnitOfWork], None]:
    """Do what a timer was set for; a key that names nothing of ours was never ours."""
    by_prefix: Mapping[str, Callable[[UUID, UnitOfWork], None]] = {
        EXPIRY_PREFIX: lambda sign_up_id, uow: expire_sign_up(ExpireSignUp(sign_up_id), uow),
        INVITATION_PREFIX: lambda invitation_id, uow: expire_invitation(ExpireInvitation(invitation_id), uow),
        ERASURE_PREFIX: lambda member_id, uow: erase_member(EraseMember(member_id), uow, withdrawal),
        DORMANCY_PREFIX: lambda member_id, uow: look_after_account(LookAfterAccount(member_id), uow, dormancy),
    }

    def timer_fired(event: TimerFired, uow: UnitOfWork) -> None:
        prefix, _, subject_id = event.key.partition("/")
        if prefix not in by_prefix:
            raise Poison(f"no timer of ours: {event.key}")
        try:
            subject = UUID(subject_id)
        except ValueError:
            raise Poison(f"no timer of ours: {event.key}") from None
        by_prefix[prefix](subject, uow)

    return timer_fired
