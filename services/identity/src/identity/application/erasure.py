"""Forgetting who a withdrawn member was, once its orders need not be told any more (IDN-21)."""

from dataclasses import dataclass
from uuid import UUID

from identity.application.ports import UnitOfWork
from identity.application.sub_members import say_changed
from identity.domain.deadline import end_of_years_after
from identity.domain.member_states import MemberState
from identity.domain.withdrawal import WithdrawalRules


@dataclass(frozen=True)
class EraseMember:
    """A withdrawn member's timer fired."""

    member_id: UUID


def erase_member(command: EraseMember, uow: UnitOfWork, rules: WithdrawalRules) -> None:
    """Erase name, address, phone, department, title, the addresses of agreements, and the proofs; again is no error.

    The row stays, without a person in it, so that the orders keep somebody to belong to; everybody who keeps a copy
    is told. The audit log names members by id alone, so nothing in it has to change.
    """
    member = uow.members.get_for_update(command.member_id)
    withdrawal = uow.withdrawals.latest_of(command.member_id)
    if member is None or withdrawal is None or withdrawal.closed_at is None or member.is_erased:
        return
    is_due = uow.now() >= end_of_years_after(withdrawal.closed_at, rules.retention_years)
    if member.state is not MemberState.WITHDRAWN or not is_due:
        return
    for file_key in uow.withdrawals.forget_papers_of(member.id):
        uow.discarded_files.add(file_key, uow.now())
    uow.members.forget_origins(member.id)
    say_changed(member.erase(), uow)
