"""Keeping identity's state: a company that becomes known gets its accounts; and the contracts of postpaid ones."""

from dataclasses import dataclass
from uuid import UUID

from contracts.audit import Act
from wallet.application.ports import UnitOfWork
from wallet.domain.company import CashLikeGrant, Company, CreditContract, Member
from wallet.domain.month import seoul_date


def keep_company(company: Company, uow: UnitOfWork) -> None:
    """Keep a company's state, and let its orders and questions in that came before it."""
    uow.companies.keep(company)
    uow.ledger.open_accounts(company.id)
    uow.wake_orders(f"company:{company.id}")
    uow.wake_questions(f"company:{company.id}")


def keep_member(member: Member, uow: UnitOfWork) -> None:
    """Keep a member's state."""
    uow.companies.keep_member(member)


def keep_cash_like(grant: CashLikeGrant, uow: UnitOfWork) -> None:
    """Keep the cash-like permission of a company (IDN-23)."""
    uow.companies.keep_cash_like(grant)


def keep_contract(contract: CreditContract, uow: UnitOfWork) -> None:
    """Keep the contract that a postpaid company was approved under (WAL-11)."""
    uow.companies.keep_contract(contract)


@dataclass(frozen=True)
class ChangeContract:
    """An operator agreed on another monthly limit in KRW with a postpaid company, and says why."""

    company_id: UUID
    operator_id: UUID
    monthly_limit_krw: int
    reason: str


def change_contract(command: ChangeContract, uow: UnitOfWork) -> None:
    """Set the limit, which counts at once. Raises `UnknownCompanyError`, `PostpaidOnlyError`."""
    uow.companies.get(command.company_id).must_pay_later()
    before = uow.companies.contract(command.company_id)
    starts_on = seoul_date(uow.at) if before is None else before.starts_on
    uow.companies.change_contract(CreditContract(command.company_id, command.monthly_limit_krw, starts_on))
    act = Act(
        action="change_credit_contract",
        target_kind="company",
        target_id=str(command.company_id),
        company_id=command.company_id,
        reason=command.reason,
        before={"monthly_limit_krw": None if before is None else before.monthly_limit_krw},
        after={"monthly_limit_krw": command.monthly_limit_krw},
    )
    uow.outbox.add_act(command.operator_id, act)
