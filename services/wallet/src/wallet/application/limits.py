"""The master's grants to sub-members, one or several at once (WAL-16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.wallet import LimitSet
from wallet.application.ports import UnitOfWork
from wallet.domain.company import Company
from wallet.domain.errors import SuspendedCompanyError, UnknownSubMemberError
from wallet.domain.limits import Commitment, SubMemberLimit, cap_of, check_limit
from wallet.domain.month import seoul_month

SUB = "sub"
GONE = "withdrawn"


@dataclass(frozen=True)
class SetLimits:
    """The same monthly limit for each of these sub-members; None is unlimited."""

    company_id: UUID
    member_ids: tuple[UUID, ...]
    limit_krw: int | None


def set_limits(command: SetLimits, uow: UnitOfWork) -> None:
    """Give all of them the limit, or none of them.

    Raises `UnknownCompanyError`, `SuspendedCompanyError`, `LimitAboveCapError`, `UnknownSubMemberError`.
    """
    company = uow.companies.get(command.company_id)
    if not company.active:
        raise SuspendedCompanyError(company.id)
    check_limit(command.limit_krw, _cap_krw(company, uow))
    # In one order, so that two masters' windows never wait for each other in a circle.
    for member_id in sorted(set(command.member_ids)):
        member = uow.companies.member(member_id)
        if member is None or (member.company_id, member.role) != (company.id, SUB) or member.state == GONE:
            raise UnknownSubMemberError(member_id)
        limit = uow.spending_limits.set(company.id, member_id, command.limit_krw, uow.at)
        said = LimitSet(
            member_id=member_id,
            company_id=company.id,
            version=limit.version,
            limit_krw=limit.limit_krw,
        )
        uow.outbox.add(said)


@dataclass(frozen=True)
class LimitsView:
    """The list of sub-members with their limits in this Seoul month, and what the limits add up to."""

    company: Company
    month: str
    commitment: Commitment
    members: Sequence[SubMemberLimit]


def view_limits(company_id: UUID, uow: UnitOfWork, *, after_id: UUID | None, rows_max: int) -> LimitsView:
    """A page of the list. Raises `UnknownCompanyError`."""
    company, month = uow.companies.get(company_id), seoul_month(uow.at)
    committed_krw, unlimited_members = uow.spending_limits.committed(company_id)
    return LimitsView(
        company=company,
        month=month,
        commitment=Commitment(_cap_krw(company, uow), committed_krw, unlimited_members),
        members=uow.spending_limits.page(company_id, month, after_id=after_id, rows_max=rows_max),
    )


def _cap_krw(company: Company, uow: UnitOfWork) -> int:
    return cap_of(uow.figures.of(company.id, company.method, company.master_id, seoul_month(uow.at)))
