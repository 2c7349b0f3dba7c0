"""The operators' side of refunds: taking one up, paying it out, refusing it, taking it back (WAL-10)."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.audit import Act
from contracts.values import Sealed
from contracts.wallet import RefundDecided, RefundOutcome
from wallet.application.ports import UnitOfWork
from wallet.domain.ledger import PostingKind
from wallet.domain.movements import paying_out_refund, returning_refund
from wallet.domain.refund import Refund, RefundState

_OUTCOMES = {
    RefundState.COMPLETED: RefundOutcome.COMPLETED,
    RefundState.REJECTED: RefundOutcome.REJECTED,
    RefundState.CANCELLED: RefundOutcome.CANCELLED,
}


def take_refund(refund_id: UUID, operator_id: UUID, uow: UnitOfWork) -> None:
    """환불 검토: an operator looks at it. Raises `UnknownRefundError`, `RefundStateError`."""
    before = uow.refunds.get(refund_id)
    after = before.taken(operator_id)
    uow.refunds.save(after)
    _say_step("take_refund", before, after, uow)


@dataclass(frozen=True)
class CompleteRefund:
    """An operator paid it out, on that Seoul day, under the bank's reference."""

    refund_id: UUID
    operator_id: UUID
    reference: str
    paid_on: date


def complete_refund(command: CompleteRefund, uow: UnitOfWork) -> None:
    """환불 완료: what was paid and the fee are in the books. Raises `UnknownRefundError`, `RefundStateError`."""
    before = uow.refunds.get(command.refund_id)
    after = before.completed(command.operator_id, command.reference, command.paid_on, uow.at)
    uow.ledger.post(paying_out_refund(after, uow.new_id(), uow.at))
    uow.refunds.save(after)
    _say_step("complete_refund", before, after, uow)
    _say_decided(after, uow)


@dataclass(frozen=True)
class GiveBackRefund:
    """An operator refuses a refund or takes it back, and says why."""

    refund_id: UUID
    operator_id: UUID
    reason: str


def reject_refund(command: GiveBackRefund, uow: UnitOfWork) -> None:
    """환불 반려: the whole amount is on the balance again. Raises `UnknownRefundError`, `RefundStateError`."""
    before = uow.refunds.get(command.refund_id)
    after = before.rejected(command.operator_id, command.reason, uow.at)
    return_money(after, PostingKind.REFUND_REJECTION, uow)
    _say_step("reject_refund", before, after, uow)


def cancel_refund(command: GiveBackRefund, uow: UnitOfWork) -> None:
    """환불 취소 on the member's word. Raises `UnknownRefundError`, `RefundStateError`."""
    before = uow.refunds.get(command.refund_id)
    after = before.cancelled_by_operator(command.operator_id, command.reason, uow.at)
    return_money(after, PostingKind.REFUND_CANCELLATION, uow)
    _say_step("cancel_refund", before, after, uow)


def return_money(refund: Refund, kind: PostingKind, uow: UnitOfWork) -> None:
    """Put a refund's whole amount back on the balance and into the charges that it came from, and say so."""
    uow.ledger.post(returning_refund(refund, kind, uow.new_id(), uow.at))
    uow.lots.put_back(uow.refunds.shares(refund.id))
    uow.refunds.save(refund)
    _say_decided(refund, uow)


def _say_step(action: str, before: Refund, after: Refund, uow: UnitOfWork) -> None:
    if after.operator_id is None:
        return
    act = Act(
        action=action,
        target_kind="refund",
        target_id=str(after.id),
        company_id=after.company_id,
        reason=after.decision_reason,
        before={"state": before.state.value},
        after={"state": after.state.value, "payout_reference": after.payout_reference},
    )
    uow.outbox.add_act(after.operator_id, act)


def _say_decided(refund: Refund, uow: UnitOfWork) -> None:
    company = uow.companies.get(refund.company_id)
    member = uow.companies.member(refund.member_id)
    address = None if member is None else member.sealed_email
    said = RefundDecided(
        refund_id=refund.id,
        company_id=refund.company_id,
        member_id=refund.member_id,
        outcome=_OUTCOMES[refund.state],
        amount_krw=refund.figures.amount_krw,
        payout_krw=refund.figures.payout_krw,
        reason=refund.decision_reason,
        company_name=company.name,
        member_name="" if member is None else member.name,
        email=None if address is None else Sealed(key_id=address.key_id, ciphertext=address.ciphertext),
        decided_at=uow.at,
    )
    uow.outbox.add(said)
