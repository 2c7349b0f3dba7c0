"""States of a member and every allowed change of them: the one table that code, tests and README share (IDN-18)."""

from collections.abc import Mapping
from enum import StrEnum

from identity.domain.errors import TransitionRefusedError


class MemberState(StrEnum):
    """가입대기, 정상, 이용중지, 휴면, 탈퇴대기, 탈퇴; who is pending is an invitation and no member yet."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DORMANT = "dormant"
    WITHDRAWAL_REQUESTED = "withdrawal_requested"
    WITHDRAWN = "withdrawn"


class MemberAct(StrEnum):
    """What changes a state, and by whom: the invitee, the master, the member, the clock or an operator."""

    JOIN = "join"
    SUSPEND = "suspend"
    RESUME = "resume"
    FALL_DORMANT = "fall_dormant"
    LIFT_DORMANCY = "lift_dormancy"
    REQUEST_WITHDRAWAL = "request_withdrawal"
    APPROVE_WITHDRAWAL = "approve_withdrawal"
    REJECT_WITHDRAWAL = "reject_withdrawal"


FORMER = None
"""A rejected withdrawal leads back to the state that it was requested in (IDN-20)."""

TRANSITIONS: Mapping[tuple[MemberState, MemberAct], MemberState | None] = {
    (MemberState.PENDING, MemberAct.JOIN): MemberState.ACTIVE,
    (MemberState.ACTIVE, MemberAct.SUSPEND): MemberState.SUSPENDED,
    (MemberState.SUSPENDED, MemberAct.RESUME): MemberState.ACTIVE,
    (MemberState.ACTIVE, MemberAct.FALL_DORMANT): MemberState.DORMANT,
    (MemberState.DORMANT, MemberAct.LIFT_DORMANCY): MemberState.ACTIVE,
    (MemberState.ACTIVE, MemberAct.REQUEST_WITHDRAWAL): MemberState.WITHDRAWAL_REQUESTED,
    (MemberState.SUSPENDED, MemberAct.REQUEST_WITHDRAWAL): MemberState.WITHDRAWAL_REQUESTED,
    (MemberState.DORMANT, MemberAct.REQUEST_WITHDRAWAL): MemberState.WITHDRAWAL_REQUESTED,
    (MemberState.WITHDRAWAL_REQUESTED, MemberAct.APPROVE_WITHDRAWAL): MemberState.WITHDRAWN,
    (MemberState.WITHDRAWAL_REQUESTED, MemberAct.REJECT_WITHDRAWAL): FORMER,
}
"""Whatever stands in no row is refused."""


def follow(state: MemberState, act: MemberAct, *, former: MemberState | None = None) -> MemberState:
    """The state that the act leads to. Raises `TransitionRefusedError`."""
    if (state, act) not in TRANSITIONS:
        raise TransitionRefusedError(state.value, act.value)
    target = TRANSITIONS[state, act] or former
    if target is None:
        raise TransitionRefusedError(state.value, act.value)
    return target
