"""A member's side of refunds: figures beforehand, the request, and taking it back (WAL-07, WAL-08, WAL-09)."""

from dataclasses import dataclass, field
from uuid import UUID

from wallet.application.ports import UnitOfWork
from wallet.application.refund_decisions import return_money
from wallet.domain.company import Company
from wallet.domain.ledger import PostingKind
from wallet.domain.month import seoul_month
from wallet.domain.movements import requesting_refund
from wallet.domain.payback_errors import HolderProofMissingError, RefundFiguresChangedError
from wallet.domain.refund import BankAccount, FileUse, FormRules, Refund, RefundState, is_same_holder
from wallet.domain.refund_figures import RefundFigures, RefundRules, figures_of


@dataclass(frozen=True)
class RefundQuote:
    """What a refund would pay out now, and the balance that it would be taken from."""

    figures: RefundFigures
    balance_krw: int


def quote_refund(company_id: UUID, amount_krw: int | None, rules: RefundRules, uow: UnitOfWork) -> RefundQuote:
    """환불 예상 금액 of an amount; without one, of the whole balance (전액신청).

    Raises `UnknownCompanyError`, `SuspendedCompanyError`, `PrepaidOnlyError`, `RefundTooSmallError`,
    `RefundExceedsBalanceError`.
    """
    company = uow.companies.get(company_id)
    company.must_charge_in_advance()
    balance_krw = _balance_krw(company, uow)
    asked_krw = balance_krw if amount_krw is None else amount_krw
    rules.check(asked_krw, balance_krw)
    figures, _ = figures_of(asked_krw, uow.lots.free(company_id), uow.at, rules.fees)
    return RefundQuote(figures, balance_krw)


@dataclass(frozen=True)
class RequestRefund:
    """A master wants so many KRW paid to an account; `shown_payout_krw` is what was shown beforehand."""

    company_id: UUID
    member_id: UUID
    amount_krw: int
    shown_payout_krw: int
    account: BankAccount
    bank_book_id: UUID
    proof_id: UUID | None
    reason: str = field(repr=False)


def request_refund(command: RequestRefund, rules: RefundRules, form: FormRules, uow: UnitOfWork) -> UUID:
    """Take the amount off the balance and put the request into the operators' queue; its id.

    Raises what `quote_refund` raises, `UnknownBankError`, `RefundReasonTooLongError`, `UnknownRefundFileError`,
    `HolderProofMissingError`, and `RefundFiguresChangedError` when another sum was shown beforehand.
    """
    company = uow.companies.get(command.company_id)
    company.must_charge_in_advance()
    form.check(command.account.bank, command.reason)
    _check_papers(command, company, uow)
    # Nothing of the company moves from here on, so the figures judged are the figures posted.
    uow.ledger.stand_still(company.id)
    uow.companies.get(company.id).must_charge_in_advance()
    rules.check(command.amount_krw, _balance_krw(company, uow))
    figures, shares = figures_of(command.amount_krw, uow.lots.free(company.id), uow.at, rules.fees)
    if figures.payout_krw != command.shown_payout_krw:
        raise RefundFiguresChangedError(command.shown_payout_krw, figures.payout_krw)
    refund = Refund(
        id=uow.new_id(),
        company_id=company.id,
        member_id=command.member_id,
        state=RefundState.REQUESTED,
        figures=figures,
        account=command.account,
        bank_book_id=command.bank_book_id,
        proof_id=command.proof_id,
        reason=command.reason,
        requested_at=uow.at,
    )
    uow.ledger.post(requesting_refund(refund, uow.new_id(), uow.at))
    uow.lots.take_out(shares)
    uow.refunds.add(refund, shares)
    return refund.id


def _check_papers(command: RequestRefund, company: Company, uow: UnitOfWork) -> None:
    uow.refunds.file(company.id, command.bank_book_id, FileUse.BANK_BOOK)
    if command.proof_id is not None:
        uow.refunds.file(company.id, command.proof_id, FileUse.PROOF)
        return
    member = uow.companies.member(command.member_id)
    names = (company.name, company.representative_name, "" if member is None else member.name)
    if not is_same_holder(command.account.holder, names):
        raise HolderProofMissingError(company.id)


def _balance_krw(company: Company, uow: UnitOfWork) -> int:
    return uow.figures.of(company.id, company.method, company.master_id, seoul_month(uow.at)).balance_krw


def cancel_own_refund(company_id: UUID, refund_id: UUID, uow: UnitOfWork) -> None:
    """[취소]: the whole amount is on the balance again. Raises `UnknownRefundError`, `RefundStateError`."""
    uow.refunds.of_company(company_id, refund_id)
    cancelled = uow.refunds.get(refund_id).cancelled_by_member(uow.at)
    return_money(cancelled, PostingKind.REFUND_CANCELLATION, uow)
