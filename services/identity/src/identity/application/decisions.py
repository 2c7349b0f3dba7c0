"""What operators decide about applications; each act leaves with its audit event (IDN-07, IDN-08, IDN-24)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.audit import Act
from identity.application import messages
from identity.application.dormancy import watch
from identity.application.ports import UnitOfWork
from identity.domain.company import Company
from identity.domain.errors import SignUpNotFoundError
from identity.domain.member import Member, MemberRole
from identity.domain.sign_up import Contract, Decision, SignUp


@dataclass(frozen=True)
class ApproveSignUp:
    """승인."""

    sign_up_id: UUID
    operator_id: UUID


def approve_sign_up(command: ApproveSignUp, uow: UnitOfWork) -> SignUp:
    """Make company and master of an application, all or nothing, and tell everybody.

    Raises `SignUpNotFoundError`, `NotWaitingForDecisionError`, `ContractMissingError`.
    """
    sign_up = _waiting(command.sign_up_id, uow)
    at = uow.now()
    approved = sign_up.approve(Decision(command.operator_id, at))
    company = _company_of(approved, company_id=uow.new_id(), master_id=uow.new_id(), at=at)
    master = watch(_master_of(approved, company, at), at, uow)
    uow.companies.add(company)
    uow.members.add(master, approved.agreements)
    uow.sign_ups.save(approved)
    uow.outbox.add(messages.company_changed(company))
    if approved.is_postpaid and approved.contract is not None:
        uow.outbox.add(messages.credit_contracted(company, approved.contract, at))
    uow.outbox.add(messages.member_state_changed(master, uow.sealer))
    uow.outbox.add(messages.application_decided(approved, uow.sealer))
    uow.outbox.add_act(
        command.operator_id,
        Act(
            "sign_up.approved",
            "sign_up",
            str(sign_up.id),
            before={"state": sign_up.state.value},
            after={"state": approved.state.value, "payment_method": company.payment_method.value},
            company_id=company.id,
        ),
    )
    return approved


@dataclass(frozen=True)
class RejectSignUp:
    """반려, with the reason that the applicant is told."""

    sign_up_id: UUID
    operator_id: UUID
    reason: str


def reject_sign_up(command: RejectSignUp, uow: UnitOfWork) -> SignUp:
    """Refuse an application; its number and address are free again. Raises `NotWaitingForDecisionError`."""
    sign_up = _waiting(command.sign_up_id, uow)
    at = uow.now()
    rejected = sign_up.reject(Decision(command.operator_id, at, command.reason))
    uow.sign_ups.save(rejected)
    uow.outbox.add(messages.application_decided(rejected, uow.sealer))
    uow.outbox.add_act(
        command.operator_id,
        Act(
            "sign_up.rejected",
            "sign_up",
            str(sign_up.id),
            before={"state": sign_up.state.value},
            after={"state": rejected.state.value},
            reason=command.reason,
        ),
    )
    return rejected


@dataclass(frozen=True)
class RecordContract:
    """후불 계약: limit in KRW a Seoul month, first day, and who gets the bills."""

    sign_up_id: UUID
    operator_id: UUID
    contract: Contract


def record_contract(command: RecordContract, uow: UnitOfWork) -> SignUp:
    """Keep a postpaid applicant's contract, which approval waits for (IDN-08).

    Raises `SignUpNotFoundError`, `NotWaitingForDecisionError`, `ContractNotNeededError`.
    """
    sign_up = _waiting(command.sign_up_id, uow)
    recorded = sign_up.record_contract(command.contract)
    uow.sign_ups.save(recorded)
    uow.outbox.add_act(
        command.operator_id,
        Act(
            "sign_up.contract_recorded",
            "sign_up",
            str(sign_up.id),
            before=_contract_figures(sign_up.contract),
            after=_contract_figures(recorded.contract),
        ),
    )
    return recorded


def _waiting(sign_up_id: UUID, uow: UnitOfWork) -> SignUp:
    sign_up = uow.sign_ups.get_for_update(sign_up_id)
    if sign_up is None:
        raise SignUpNotFoundError
    return sign_up


def _company_of(sign_up: SignUp, *, company_id: UUID, master_id: UUID, at: datetime) -> Company:
    form = sign_up.form()
    return Company(
        id=company_id,
        sign_up_id=sign_up.id,
        name=form.company_name,
        representative_name=form.representative_name,
        business_number=form.business_number,
        payment_method=form.applicant.payment_method,
        master_id=master_id,
        approved_at=at,
    )


def _master_of(sign_up: SignUp, company: Company, at: datetime) -> Member:
    form = sign_up.form()
    return Member(
        id=company.master_id,
        company_id=company.id,
        role=MemberRole.MASTER,
        email=form.email,
        phone=form.phone,
        password_hash=form.applicant.password_hash,
        name=form.applicant.name,
        department=form.applicant.department,
        title=form.applicant.title,
        joined_at=at,
    )


def _contract_figures(contract: Contract | None) -> dict[str, object] | None:
    if contract is None:
        return None
    return {"monthly_limit_krw": contract.monthly_limit_krw, "starts_on": contract.starts_on.isoformat()}
