"""Identity asks what of a company's money is open before it withdraws or changes how it pays (IDN-28)."""

from dataclasses import dataclass
from uuid import UUID

from contracts.wallet import OpenMoneyCounted
from wallet.application.ports import UnitOfWork
from wallet.domain.errors import CompanyNotFrozenError, UnknownCompanyError


@dataclass(frozen=True)
class OpenMoneyQuestion:
    """What is open of a company; `company_version` is the state that froze it, where there was one."""

    request_id: UUID
    company_id: UUID
    company_version: int | None = None


def answer_open_money(question: OpenMoneyQuestion, uow: UnitOfWork) -> None:
    """Say how many invoices are unpaid and how many refunds are open now.

    Refunds are asked for under the same standstill: each is counted here, or judged by the state that froze the
    company. Raises `CompanyNotFrozenError` while that state has not been heard.
    """
    if not _is_frozen(question, uow):
        raise CompanyNotFrozenError(question.company_id)
    uow.outbox.add(
        OpenMoneyCounted(
            request_id=question.request_id,
            company_id=question.company_id,
            unpaid_invoices=uow.invoices.count_unpaid(question.company_id),
            open_refunds=uow.refunds.count_open(question.company_id),
            counted_at=uow.at,
        )
    )


def _is_frozen(question: OpenMoneyQuestion, uow: UnitOfWork) -> bool:
    """A company asked about without a version is counted as it stands; one that is not known yet has nothing open."""
    try:
        uow.ledger.stand_still(question.company_id)
        company = uow.companies.get(question.company_id)
    except UnknownCompanyError:
        return question.company_version is None
    return question.company_version is None or company.version >= question.company_version
