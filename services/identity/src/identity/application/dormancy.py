"""휴면: warned, put to sleep by the clock, and woken by the member alone (IDN-19)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from identity.application import messages
from identity.application.ports import UnitOfWork
from identity.application.sessions import revoke_member
from identity.domain.dormancy import DormancyRules, DormancyStep, judge_dormancy
from identity.domain.member import Member
from identity.domain.member_states import MemberAct, MemberState
from identity.domain.session import EndReason


@dataclass(frozen=True)
class LookAfterAccount:
    """A member's timer fired."""

    member_id: UUID


def look_after_account(command: LookAfterAccount, uow: UnitOfWork, rules: DormancyRules) -> None:
    """Warn, put to sleep, or look again later; who is not active is watched again once that changes."""
    uow.sessions.living_of(command.member_id)
    member = uow.members.get_for_update(command.member_id)
    if member is None or member.state is not MemberState.ACTIVE:
        return
    verdict = judge_dormancy(used_at=member.used_at, warned_at=member.dormancy_warned_at, at=uow.now(), rules=rules)
    if verdict.step is DormancyStep.WARN and verdict.look_again_at is not None:
        member = replace(member, dormancy_warned_at=uow.now())
        uow.outbox.add(messages.dormancy_near(uow.new_id(), member, verdict.look_again_at, uow.sealer))
    if verdict.step is DormancyStep.FALL:
        member = revoke_member(member.act(MemberAct.FALL_DORMANT), EndReason.DORMANT, uow)
        uow.outbox.add(messages.member_state_changed(member, uow.sealer))
    if verdict.look_again_at is not None:
        member = watch(member, verdict.look_again_at, uow)
    uow.members.save(member)


def wake(member: Member, uow: UnitOfWork) -> Member:
    """The member proved the phone: active again, and watched anew. Keeping the member is the caller's."""
    woken = watch(member.act(MemberAct.LIFT_DORMANCY), uow.now(), uow)
    uow.outbox.add(messages.member_state_changed(woken, uow.sealer))
    return woken


def watch(member: Member, due_at: datetime, uow: UnitOfWork) -> Member:
    """Have the scheduler wake us about this account; the timer moves, so there is one a member.

    Whoever does not know when something is due asks for a look at once, which finds that out.
    """
    watched = replace(member, dormancy_timer=member.dormancy_timer + 1)
    uow.outbox.add(messages.dormancy_timer(watched, due_at))
    return watched
