"""What operators decide about requests for withdrawal; each act leaves with its audit event (IDN-20, IDN-24)."""

from dataclasses import dataclass
from uuid import UUID

from identity.application.open_affairs import Ask, ask
from identity.application.ports import UnitOfWork
from identity.application.withdrawals import give_back, lock_withdrawal, say_decided
from identity.domain.open_affairs import InquiryPurpose
from identity.domain.withdrawal import Withdrawal


@dataclass(frozen=True)
class ApproveWithdrawal:
    """승인: withdrawn as soon as ordering has said once more that nothing is open."""

    withdrawal_id: UUID
    operator_id: UUID


def approve_withdrawal(command: ApproveWithdrawal, uow: UnitOfWork) -> Withdrawal:
    """Have ordering count again; its answer withdraws the member, or has the request wait on.

    Raises `WithdrawalNotFoundError`, `WithdrawalStateRefusedError`.
    """
    member, before = lock_withdrawal(command.withdrawal_id, uow)
    before.approve(command.operator_id, before.inquiry_id)
    inquiry = ask(Ask(InquiryPurpose.WITHDRAWAL, member.company_id, member.version, member.id, before.id), uow)
    after = before.approve(command.operator_id, inquiry.id)
    uow.withdrawals.save(after)
    say_decided(before, after, uow)
    return after


@dataclass(frozen=True)
class RejectWithdrawal:
    """반려, with the reason that the master is shown."""

    withdrawal_id: UUID
    operator_id: UUID
    reason: str


def reject_withdrawal(command: RejectWithdrawal, uow: UnitOfWork) -> Withdrawal:
    """The member is again what it was. Raises `WithdrawalNotFoundError`, `WithdrawalStateRefusedError`."""
    member, before = lock_withdrawal(command.withdrawal_id, uow)
    after = before.reject(command.operator_id, command.reason, uow.now())
    uow.withdrawals.save(after)
    give_back(member, uow)
    say_decided(before, after, uow)
    return after
