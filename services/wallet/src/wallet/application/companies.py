"""Keeping identity's state: a company that becomes known gets its accounts."""

from wallet.application.ports import UnitOfWork
from wallet.domain.company import CashLikeGrant, Company, Member


def keep_company(company: Company, uow: UnitOfWork) -> None:
    """Keep a company's state, and let its orders in that came before it."""
    uow.companies.keep(company)
    uow.ledger.open_accounts(company.id)
    uow.wake_orders(f"company:{company.id}")


def keep_member(member: Member, uow: UnitOfWork) -> None:
    """Keep a member's state."""
    uow.companies.keep_member(member)


def keep_cash_like(grant: CashLikeGrant, uow: UnitOfWork) -> None:
    """Keep the cash-like permission of a company (IDN-23)."""
    uow.companies.keep_cash_like(grant)
