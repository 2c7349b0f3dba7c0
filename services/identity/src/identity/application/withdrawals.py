"""서브회원 탈퇴 from the master's side: checked, requested with proofs, and concluded by ordering's answers (IDN-20).

Freeze, ask, decide: from the request on the member logs in nowhere and orders nothing, and only then is ordering
asked. Whoever moves a request locks its member first, so that two steps never meet.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from contracts.audit import Act
from identity.application import messages
from identity.application.dormancy import watch
from identity.application.open_affairs import Ask, ask
from identity.application.ports import UnitOfWork
from identity.application.sessions import revoke_member
from identity.application.sub_members import NameSubMember, own_sub_member, say_changed
from identity.domain.deadline import end_of_years_after
from identity.domain.errors import (
    ProofNotFoundError,
    WithdrawalCheckNeededError,
    WithdrawalCheckNotFoundError,
    WithdrawalNotFoundError,
)
from identity.domain.member import Member
from identity.domain.member_states import MemberAct, MemberState
from identity.domain.open_affairs import Inquiry, InquiryPurpose
from identity.domain.session import EndReason
from identity.domain.withdrawal import Withdrawal, WithdrawalRules, WithdrawalState

_NO_PASSWORD = ""
"""No password has this hash."""


def check_withdrawal(command: NameSubMember, uow: UnitOfWork) -> Inquiry:
    """[확인하기]: have ordering count the member's open orders; nothing is frozen yet.

    Raises `MemberNotFoundError`, `TransitionRefusedError` for a member that nobody can withdraw now.
    """
    member = own_sub_member(command, uow)
    member.act(MemberAct.REQUEST_WITHDRAWAL)
    return ask(Ask(InquiryPurpose.WITHDRAWAL_CHECK, member.company_id, member.version, member.id), uow)


@dataclass(frozen=True)
class NameCheck:
    """A check of the caller's company about one of its members."""

    company_id: UUID
    member_id: UUID
    check_id: UUID


def own_check(command: NameCheck, uow: UnitOfWork) -> Inquiry:
    """The check, for reading. Raises `WithdrawalCheckNotFoundError`."""
    inquiry = uow.inquiries.get(command.check_id)
    meant = (command.company_id, command.member_id, InquiryPurpose.WITHDRAWAL_CHECK)
    if inquiry is None or (inquiry.company_id, inquiry.member_id, inquiry.purpose) != meant:
        raise WithdrawalCheckNotFoundError
    return inquiry


@dataclass(frozen=True)
class RequestWithdrawal:
    """The passed check and the uploaded proofs, without which no request is taken."""

    check: NameCheck
    master_id: UUID
    file_ids: tuple[UUID, ...]


def request_withdrawal(command: RequestWithdrawal, rules: WithdrawalRules, uow: UnitOfWork) -> Withdrawal:
    """탈퇴대기: the member's sessions end, nothing new is accepted, and ordering is asked again.

    Raises `ProofCountError`, `WithdrawalCheckNotFoundError`, `WithdrawalCheckNeededError`, `MemberNotFoundError`,
    `TransitionRefusedError`, `ProofNotFoundError`.
    """
    file_ids = frozenset(command.file_ids)
    rules.check_count(len(file_ids))
    if not own_check(command.check, uow).is_passed(uow.now(), rules.check_lifetime):
        raise WithdrawalCheckNeededError
    member = own_sub_member(NameSubMember(command.check.company_id, command.check.member_id), uow)
    frozen = revoke_member(member.act(MemberAct.REQUEST_WITHDRAWAL), EndReason.WITHDRAWN, uow)
    say_changed(frozen, uow)
    withdrawal_id = uow.new_id()
    inquiry = ask(Ask(InquiryPurpose.WITHDRAWAL, member.company_id, frozen.version, member.id, withdrawal_id), uow)
    withdrawal = Withdrawal(
        id=withdrawal_id,
        company_id=member.company_id,
        member_id=member.id,
        requested_by=command.master_id,
        requested_at=uow.now(),
        inquiry_id=inquiry.id,
    )
    uow.withdrawals.add(withdrawal)
    if uow.withdrawals.attach(file_ids, withdrawal) != len(file_ids):
        raise ProofNotFoundError
    return withdrawal


def conclude_withdrawal(inquiry: Inquiry, rules: WithdrawalRules, uow: UnitOfWork) -> None:
    """Ordering answered: the request waits for an operator, is refused, or its approval is carried out or undone."""
    if inquiry.concern_id is None:
        raise WithdrawalNotFoundError
    member, before = lock_withdrawal(inquiry.concern_id, uow)
    if before.inquiry_id != inquiry.id or before.is_closed:
        return
    after = before.hear(inquiry.hindrances, uow.now())
    uow.withdrawals.save(after)
    if after.state is WithdrawalState.REFUSED:
        give_back(member, uow)
    if after.state is WithdrawalState.APPROVED:
        _withdraw(member, rules, uow)
    if before.state is WithdrawalState.APPROVING:
        say_decided(before, after, uow)


def lock_withdrawal(withdrawal_id: UUID, uow: UnitOfWork) -> tuple[Member, Withdrawal]:
    """The member, locked, and its request as it is then. Raises `WithdrawalNotFoundError`."""
    named = uow.withdrawals.get(withdrawal_id)
    if named is None:
        raise WithdrawalNotFoundError
    member = own_sub_member(NameSubMember(named.company_id, named.member_id), uow)
    return member, uow.withdrawals.get(withdrawal_id) or named


def say_decided(before: Withdrawal, after: Withdrawal, uow: UnitOfWork) -> None:
    """What an operator decided, or what came of it, for the audit log; it holds no personal data (IDN-24)."""
    if after.decided_by is None:
        raise ValueError("nobody decided")
    found = {each.kind.value: each.count for each in after.hindrances}
    uow.outbox.add_act(
        after.decided_by,
        Act(
            f"withdrawal.{after.state.value}",
            "member",
            str(after.member_id),
            before={"state": before.state.value},
            after={"state": after.state.value, "hindrances": found},
            company_id=after.company_id,
            reason=after.reason,
        ),
    )


def give_back(member: Member, uow: UnitOfWork) -> Member:
    """The former state again."""
    back = member.act(MemberAct.REJECT_WITHDRAWAL)
    if back.state is MemberState.ACTIVE:
        back = watch(back, uow.now(), uow)
    return say_changed(back, uow)


def _withdraw(member: Member, rules: WithdrawalRules, uow: UnitOfWork) -> None:
    """탈퇴: nobody logs in again; what orders need is kept for its retention, the rest is forgotten now (IDN-21)."""
    withdrawn = replace(member.act(MemberAct.APPROVE_WITHDRAWAL), password_hash=_NO_PASSWORD)
    say_changed(withdrawn, uow)
    uow.trusted_addresses.remove_all(member.id)
    uow.outbox.add(messages.erasure_timer(member.id, end_of_years_after(uow.now(), rules.retention_years)))
