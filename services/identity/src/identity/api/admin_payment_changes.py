"""결제수단 변경: what an operator does when a company asks the customer centre for it (IDN-28)."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from chassis.access import caller, operators
from chassis.bodies import RequestBody
from chassis.idempotency import idempotency_key, keyed
from chassis.paging import PageQuery, page_of, read_cursor
from identity.api.admin_companies import CompanyPath, Reason
from identity.api.admin_sign_ups import ContractBody, ContractView, contract_view
from identity.api.hindrance_views import HindranceView, hindrance_views
from identity.api.withdrawals import Patience, WaitQuery
from identity.application.payment_changes import ChangePayment, begin_payment_change
from identity.application.ports import BeginUnitOfWork
from identity.application.queries import PaymentChangeQuery
from identity.domain.company import PaymentMethod
from identity.domain.contact import parse_email
from identity.domain.errors import CompanyNotFoundError, PaymentChangeNotFoundError
from identity.domain.payment_change import PaymentChange, PaymentChangeState
from identity.domain.sign_up import Contract

_ALL = "/admin/companies/<company_id>/payment-changes"
_READERS = {"support", "finance", "admin"}
_CHANGERS = {"finance", "admin"}


class PaymentChangeBody(RequestBody):
    """The method to change to; postpaid comes with its contract."""

    payment_method: PaymentMethod
    contract: ContractBody | None = None
    reason: Reason


class PaymentChangePath(CompanyPath):
    """The change meant."""

    change_id: UUID


class PaymentChangeView(BaseModel):
    """A change, and what stood in its way."""

    change_id: UUID
    company_id: UUID
    payment_method: PaymentMethod
    contract: ContractView | None
    state: PaymentChangeState
    hindrances: list[HindranceView] = Field(description="what is open, when the change was refused")
    reason: str
    requested_by: UUID
    requested_at: datetime
    closed_at: datetime | None


class PaymentChangePage(BaseModel):
    """A page of a company's changes, the latest first."""

    items: list[PaymentChangeView]
    next_cursor: str | None


def admin_payment_changes_blueprint(begin: BeginUnitOfWork, *, patience: Patience) -> APIBlueprint:
    """Beginning a change, and looking what became of it."""
    blueprint = APIBlueprint("admin_payment_changes", __name__)

    def read(path: PaymentChangePath) -> PaymentChange:
        with begin() as uow:
            change = uow.payment_changes.get(path.change_id)
        if change is None or change.company_id != path.company_id:
            raise PaymentChangeNotFoundError
        return change

    @blueprint.post(_ALL, responses={202: PaymentChangeView})
    @operators(roles=_CHANGERS)
    @keyed
    def post_payment_change(path: CompanyPath, body: PaymentChangeBody) -> tuple[PaymentChangeView, int]:
        """The company takes nothing new until ordering and wallet have said what is open; then it is decided."""
        operator_id = caller().subject_id
        contract = None if body.contract is None else _contract_of(body.contract)
        command = ChangePayment(path.company_id, operator_id, body.payment_method, contract, body.reason)
        with begin() as uow:
            change_id = uow.once(
                scope=str(operator_id),
                key=idempotency_key(),
                operation="change_payment",
                body={"company_id": str(path.company_id), **body.model_dump(mode="json")},
                create=lambda: begin_payment_change(command, uow).id,
            )
        return _view(read(PaymentChangePath(company_id=path.company_id, change_id=change_id))), HTTPStatus.ACCEPTED

    @blueprint.get(_ALL, responses={200: PaymentChangePage})
    @operators(roles=_READERS)
    def list_payment_changes(path: CompanyPath, query: PageQuery) -> PaymentChangePage:
        """The company's changes."""
        before = read_cursor(query.cursor, UUID)
        wanted = PaymentChangeQuery(path.company_id, before[0] if before else None)
        with begin() as uow:
            if uow.companies.get(path.company_id) is None:
                raise CompanyNotFoundError
            rows = uow.payment_changes.page(wanted, query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda each: (each.id,), show=_view)
        return PaymentChangePage(items=items, next_cursor=next_cursor)

    @blueprint.get(f"{_ALL}/<change_id>", responses={200: PaymentChangeView})
    @operators(roles=_READERS)
    def show_payment_change(path: PaymentChangePath, query: WaitQuery) -> PaymentChangeView:
        """What became of it; `wait_seconds` waits for the answers."""
        seconds = min(query.wait_seconds, patience.wait_seconds_max)
        ended = patience.polls.wait(
            lambda: read(path), lambda change: change.state is not PaymentChangeState.CHECKING, seconds
        )
        return _view(ended)

    return blueprint


def _contract_of(body: ContractBody) -> Contract:
    return Contract(body.monthly_limit_krw, body.starts_on, body.billing_name, parse_email(body.billing_email))


def _view(change: PaymentChange) -> PaymentChangeView:
    return PaymentChangeView(
        change_id=change.id,
        company_id=change.company_id,
        payment_method=change.to,
        contract=change.contract and contract_view(change.contract),
        state=change.state,
        hindrances=hindrance_views(change.hindrances),
        reason=change.reason,
        requested_by=change.requested_by,
        requested_at=change.requested_at,
        closed_at=change.closed_at,
    )
