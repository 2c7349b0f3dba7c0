"""What identity says: sessions, companies, members and permissions, and its question about what is open."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from chassis.consumer import Handler, NotYet
from chassis.tokens import raise_floor
from contracts.identity import (
    CashLikeGranted,
    CompanyChanged,
    CompanyState,
    CreditContracted,
    MemberStateChanged,
    OpenAffairsAsked,
    SessionsRevoked,
)
from wallet.application.companies import keep_cash_like, keep_company, keep_contract, keep_member
from wallet.application.open_money import OpenMoneyQuestion, answer_open_money
from wallet.application.ports import UnitOfWork
from wallet.domain.company import CashLikeGrant, Company, CreditContract, Member, SealedAddress
from wallet.domain.errors import CompanyNotFrozenError
from wallet.domain.holds import PaymentMethod


def company_changed(event: CompanyChanged, uow: UnitOfWork) -> None:
    """Keep the company, and give a new one its accounts."""
    company = Company(
        id=event.company_id,
        version=event.version,
        active=event.state is CompanyState.APPROVED,
        method=PaymentMethod(event.payment_method.value),
        master_id=event.master_id,
        name=event.name,
        representative_name=event.representative_name,
    )
    keep_company(company, uow)


def member_state_changed(event: MemberStateChanged, uow: UnitOfWork) -> None:
    """Keep the member; its mail address stays sealed as it came, and its phone is not kept."""
    member = Member(
        id=event.member_id,
        company_id=event.company_id,
        version=event.version,
        role=event.role.value,
        state=event.state.value,
        name=event.name,
        sealed_email=SealedAddress(event.email.key_id, event.email.ciphertext),
    )
    keep_member(member, uow)


def cash_like_granted(event: CashLikeGranted, uow: UnitOfWork) -> None:
    """Keep the permission."""
    keep_cash_like(CashLikeGrant(event.company_id, event.version, event.permitted, event.monthly_limit_krw), uow)


def credit_contracted(event: CreditContracted, uow: UnitOfWork) -> None:
    """Keep the contract of a new postpaid company."""
    keep_contract(CreditContract(event.company_id, event.monthly_limit_krw, event.starts_on), uow)


def open_affairs_asked(event: OpenAffairsAsked, uow: UnitOfWork) -> None:
    """Say what is open of a company; of a member alone nothing is, so nobody waits for an answer about one."""
    if event.member_id is not None:
        return
    try:
        answer_open_money(OpenMoneyQuestion(event.request_id, event.company_id, event.subject_version), uow)
    except CompanyNotFrozenError as early:
        raise NotYet(f"company:{early.company_id}") from early


def sessions_revoked(event: SessionsRevoked, session: Session) -> None:
    """Refuse the subject's older sessions from now on."""
    raise_floor(session, event.subject_id, event.lowest_generation)


STATE_HANDLERS: Mapping[Any, Handler[UnitOfWork]] = {
    CompanyChanged: company_changed,
    MemberStateChanged: member_state_changed,
    CashLikeGranted: cash_like_granted,
    CreditContracted: credit_contracted,
    OpenAffairsAsked: open_affairs_asked,
}
CONTROL_HANDLERS: Mapping[Any, Handler[Session]] = {SessionsRevoked: sessions_revoked}
