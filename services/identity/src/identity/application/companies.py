"""What operators do to companies; each act leaves with its audit event (IDN-23, IDN-24)."""

from dataclasses import dataclass, replace
from uuid import UUID

from contracts.audit import Act
from identity.application import messages
from identity.application.ports import UnitOfWork
from identity.domain.company import Company, CompanyAct
from identity.domain.errors import CompanyNotFoundError
from identity.domain.session import EndReason


@dataclass(frozen=True)
class ActOnCompany:
    """Suspend or resume a company, and why."""

    company_id: UUID
    operator_id: UUID
    act: CompanyAct
    reason: str


def act_on_company(command: ActOnCompany, uow: UnitOfWork) -> Company:
    """Suspend the company with all of its members, whose sessions end in every service, or resume it.

    Raises `CompanyNotFoundError`, `CompanyStateRefusedError`.
    """
    before = lock_company(command.company_id, uow)
    company = before.act(command.act)
    uow.companies.save(company)
    uow.outbox.add(messages.company_changed(company))
    if company.generation != before.generation:
        uow.sessions.end_of_company(company.id, EndReason.SUSPENDED, uow.now())
        uow.floors.raise_to(company.id, company.generation)
        uow.outbox.add(messages.sessions_revoked(company.id, company.generation))
    uow.outbox.add_act(
        command.operator_id,
        Act(
            f"company.{command.act.value}",
            "company",
            str(company.id),
            before={"state": before.state.value},
            after={"state": company.state.value},
            company_id=company.id,
            reason=command.reason,
        ),
    )
    return company


@dataclass(frozen=True)
class GrantCashLike:
    """The permission with its limit in KRW a Seoul month, or neither."""

    company_id: UUID
    operator_id: UUID
    permitted: bool
    monthly_limit_krw: int
    reason: str


def grant_cash_like(command: GrantCashLike, uow: UnitOfWork) -> Company:
    """Grant, change or revoke it (IDN-23). Raises `CompanyNotFoundError`, `InvalidValueError`."""
    before = lock_company(command.company_id, uow)
    cash_like = before.cash_like.change(permitted=command.permitted, monthly_limit_krw=command.monthly_limit_krw)
    company = replace(before, cash_like=cash_like)
    uow.companies.save(company)
    uow.outbox.add(messages.cash_like_granted(company))
    uow.outbox.add_act(
        command.operator_id,
        Act(
            "company.cash_like",
            "company",
            str(company.id),
            before={
                "permitted": before.cash_like.permitted,
                "monthly_limit_krw": before.cash_like.monthly_limit_krw,
            },
            after={"permitted": cash_like.permitted, "monthly_limit_krw": cash_like.monthly_limit_krw},
            company_id=company.id,
            reason=command.reason,
        ),
    )
    return company


def lock_company(company_id: UUID, uow: UnitOfWork) -> Company:
    """The company, locked until the transaction ends. Raises `CompanyNotFoundError`."""
    company = uow.companies.get_for_update(company_id)
    if company is None:
        raise CompanyNotFoundError
    return company
