"""서브회원 관리: what a master does with the company's own sub-members (IDN-18, IDN-22)."""

from dataclasses import dataclass
from uuid import UUID

from identity.application import messages
from identity.application.dormancy import watch
from identity.application.ports import UnitOfWork
from identity.application.sessions import revoke_member
from identity.domain.errors import MemberNotFoundError
from identity.domain.member import Member, MemberRole
from identity.domain.member_states import MemberAct
from identity.domain.session import EndReason


@dataclass(frozen=True)
class NameSubMember:
    """A sub-member of the caller's company."""

    company_id: UUID
    member_id: UUID


def own_sub_member(command: NameSubMember, uow: UnitOfWork) -> Member:
    """The sub-member, locked; anybody else's is not there (IDN-22). Raises `MemberNotFoundError`.

    Sessions are locked before their member, as a renewal does it.
    """
    member = uow.members.get(command.member_id)
    if member is None or member.company_id != command.company_id or member.role is not MemberRole.SUB:
        raise MemberNotFoundError
    uow.sessions.living_of(member.id)
    locked = uow.members.get_for_update(member.id)
    if locked is None:
        raise MemberNotFoundError
    return locked


def suspend_sub_member(command: NameSubMember, uow: UnitOfWork) -> Member:
    """이용중지: the sub-member's sessions end everywhere. Raises `MemberNotFoundError`, `TransitionRefusedError`."""
    member = own_sub_member(command, uow).act(MemberAct.SUSPEND)
    return say_changed(revoke_member(member, EndReason.SUSPENDED, uow), uow)


def resume_sub_member(command: NameSubMember, uow: UnitOfWork) -> Member:
    """이용중지 해제; dormancy is not the master's to lift. Raises `MemberNotFoundError`, `TransitionRefusedError`."""
    return say_changed(watch(own_sub_member(command, uow).act(MemberAct.RESUME), uow.now(), uow), uow)


def say_changed(member: Member, uow: UnitOfWork) -> Member:
    """Keep the member as it is now, and tell everybody."""
    uow.members.save(member)
    uow.outbox.add(messages.member_state_changed(member, uow.sealer))
    return member
