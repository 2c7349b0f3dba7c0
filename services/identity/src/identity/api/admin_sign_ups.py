"""심사: what operators read and decide of applications (IDN-07, IDN-08)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints

from chassis.access import caller, operators
from chassis.bodies import RequestBody
from chassis.paging import PageQuery, page_of, read_cursor
from identity.api.admin_companies import ReasonBody
from identity.api.sign_up_models import SignUpPath, SignUpView, view_of
from identity.application.decisions import (
    ApproveSignUp,
    RecordContract,
    RejectSignUp,
    approve_sign_up,
    record_contract,
    reject_sign_up,
)
from identity.application.ports import BeginUnitOfWork, FileStore, UnitOfWork
from identity.application.queries import SignUpQuery
from identity.domain.company import PaymentMethod
from identity.domain.contact import parse_email
from identity.domain.errors import SignUpNotFoundError
from identity.domain.sign_up import Contract, SignUp, SignUpState

_ONE = "/admin/sign-ups/<sign_up_id>"
_READERS = {"support", "finance", "admin"}
_DECIDERS = {"support", "admin"}
_CONTRACTORS = {"finance", "admin"}
_SAME_NUMBER_MAX = 20


class QueueQuery(PageQuery):
    """Which applications."""

    state: SignUpState = SignUpState.SUBMITTED
    payment_method: PaymentMethod | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = Field(
        default="", description="found in company names, business numbers and addresses"
    )


class SignUpLine(BaseModel):
    """One application in the list."""

    sign_up_id: UUID
    state: SignUpState
    company_name: str | None
    business_number: str | None
    payment_method: str | None
    started_at: datetime
    submitted_at: datetime | None


class SignUpPage(BaseModel):
    """A page of the list, the oldest application first."""

    items: list[SignUpLine]
    next_cursor: str | None


class ContractView(BaseModel):
    """A postpaid company's contract."""

    monthly_limit_krw: int
    starts_on: date
    billing_name: str
    billing_email: str


class ReviewView(SignUpView):
    """The whole application, with what only operators see; the certificate's link lives for minutes."""

    certificate_url: str | None
    contract: ContractView | None
    decided_by: UUID | None
    same_number: list[SignUpLine] = Field(description="other applications that name this business number")


class ContractBody(RequestBody):
    """후불 계약: limit a Seoul month, first day, and who gets the bills."""

    monthly_limit_krw: int = Field(ge=1, le=1_000_000_000_000)
    starts_on: date
    billing_name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    billing_email: str = Field(max_length=254)


def admin_sign_ups_blueprint(
    begin: BeginUnitOfWork, *, files: FileStore, certificate_link_seconds: int
) -> APIBlueprint:
    """The queue of applications and its decisions."""
    blueprint = APIBlueprint("admin_sign_ups", __name__)

    def review(sign_up: SignUp, uow: UnitOfWork) -> ReviewView:
        certificate, contract, decision = sign_up.certificate, sign_up.contract, sign_up.decision
        return ReviewView(
            **view_of(sign_up, uow).model_dump(),
            certificate_url=certificate and files.link(certificate.file_key, certificate_link_seconds),
            contract=contract and contract_view(contract),
            decided_by=decision and decision.operator_id,
            same_number=[_line(each) for each in uow.sign_ups.others_with_number(sign_up, _SAME_NUMBER_MAX)],
        )

    @blueprint.get("/admin/sign-ups", responses={200: SignUpPage})
    @operators(roles=_READERS)
    def list_sign_ups(query: QueueQuery) -> SignUpPage:
        """Applications in a state; those that wait, unless another is asked for."""
        after = read_cursor(query.cursor, UUID)
        with begin() as uow:
            wanted = SignUpQuery(query.state, query.payment_method, query.text, after[0] if after else None)
            rows = uow.sign_ups.page(wanted, query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda each: (each.id,), show=_line)
        return SignUpPage(items=items, next_cursor=next_cursor)

    @blueprint.get(_ONE, responses={200: ReviewView})
    @operators(roles=_READERS)
    def review_sign_up(path: SignUpPath) -> ReviewView:
        """The whole application, with a short-lived link to its certificate."""
        with begin() as uow:
            sign_up = uow.sign_ups.get(path.sign_up_id)
            if sign_up is None:
                raise SignUpNotFoundError
            return review(sign_up, uow)

    @blueprint.post(f"{_ONE}/approve", responses={200: ReviewView})
    @operators(roles=_DECIDERS)
    def approve(path: SignUpPath) -> ReviewView:
        """승인: company and master are made, and everybody is told."""
        with begin() as uow:
            return review(approve_sign_up(ApproveSignUp(path.sign_up_id, caller().subject_id), uow), uow)

    @blueprint.post(f"{_ONE}/reject", responses={200: ReviewView})
    @operators(roles=_DECIDERS)
    def reject(path: SignUpPath, body: ReasonBody) -> ReviewView:
        """반려, with a reason that is mailed to the applicant."""
        command = RejectSignUp(path.sign_up_id, caller().subject_id, body.reason)
        with begin() as uow:
            return review(reject_sign_up(command, uow), uow)

    @blueprint.put(f"{_ONE}/contract", responses={200: ReviewView})
    @operators(roles=_CONTRACTORS)
    def put_contract(path: SignUpPath, body: ContractBody) -> ReviewView:
        """Record the contract that a postpaid approval waits for (IDN-08)."""
        contract = Contract(body.monthly_limit_krw, body.starts_on, body.billing_name, parse_email(body.billing_email))
        with begin() as uow:
            command = RecordContract(path.sign_up_id, caller().subject_id, contract)
            return review(record_contract(command, uow), uow)

    return blueprint


def _line(sign_up: SignUp) -> SignUpLine:
    return SignUpLine(
        sign_up_id=sign_up.id,
        state=sign_up.state,
        company_name=sign_up.company_name,
        business_number=str(sign_up.business_number) if sign_up.business_number else None,
        payment_method=sign_up.applicant.payment_method.value if sign_up.applicant else None,
        started_at=sign_up.started_at,
        submitted_at=sign_up.submitted_at,
    )


def contract_view(contract: Contract) -> ContractView:
    """A contract as operators see it."""
    return ContractView(
        monthly_limit_krw=contract.monthly_limit_krw,
        starts_on=contract.starts_on,
        billing_name=contract.billing_name,
        billing_email=contract.billing_email,
    )
