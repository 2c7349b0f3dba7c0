"""What operators read and do of companies: suspension, cash-like permission, changed data (IDN-23 … IDN-25)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints

from chassis.access import caller, operators
from chassis.bodies import RequestBody
from chassis.paging import PageQuery, page_of, read_cursor
from identity.application.business_changes import DecideBusinessChange, decide_business_change
from identity.application.companies import ActOnCompany, GrantCashLike, act_on_company, grant_cash_like
from identity.application.ports import BeginUnitOfWork
from identity.application.queries import CompanyQuery
from identity.domain.company import BusinessChange, ChangeState, Company, CompanyAct, CompanyState, PaymentMethod
from identity.domain.errors import CompanyNotFoundError

_ONE = "/admin/companies/<company_id>"
_CHANGES = "/admin/business-changes"
_READERS = {"support", "finance", "admin"}
_DECIDERS = {"support", "admin"}
_GRANTERS = {"finance", "admin"}
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class CompaniesQuery(PageQuery):
    """Which companies."""

    state: CompanyState | None = None
    payment_method: PaymentMethod | None = None
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = Field(
        default="", description="found in names and business numbers"
    )


class CompanyPath(BaseModel):
    """The company meant."""

    company_id: UUID


class CashLikeView(BaseModel):
    """환금성 구매 권한, with its limit a Seoul month."""

    permitted: bool
    monthly_limit_krw: int


class CompanyView(BaseModel):
    """A company as operators see it."""

    company_id: UUID
    state: CompanyState
    name: str
    representative_name: str
    business_number: str
    payment_method: PaymentMethod
    master_id: UUID
    approved_at: datetime
    cash_like: CashLikeView


class CompanyPage(BaseModel):
    """A page of companies, the oldest first."""

    items: list[CompanyView]
    next_cursor: str | None


class ReasonBody(RequestBody):
    """Why; it stands in the audit log, and a rejection tells it to who asked."""

    reason: Reason


class CashLikeBody(ReasonBody):
    """The permission with its limit, or neither."""

    permitted: bool
    monthly_limit_krw: int = Field(ge=0, le=1_000_000_000_000)


class ChangesQuery(PageQuery):
    """Which changes of business data."""

    state: ChangeState = ChangeState.WAITING


class ChangePath(BaseModel):
    """The change meant."""

    change_id: UUID


class BusinessChangeView(BaseModel):
    """상호명 and 대표자명 as a master wants them."""

    change_id: UUID
    company_id: UUID
    name: str
    representative_name: str
    state: ChangeState
    requested_by: UUID
    requested_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None


class BusinessChangePage(BaseModel):
    """A page of changes, the oldest first."""

    items: list[BusinessChangeView]
    next_cursor: str | None


def admin_companies_blueprint(begin: BeginUnitOfWork) -> APIBlueprint:
    """Companies, and the queue of their changes."""
    blueprint = APIBlueprint("admin_companies", __name__)
    _add_companies(blueprint, begin)
    _add_acts(blueprint, begin)
    _add_changes(blueprint, begin)
    return blueprint


def _add_companies(blueprint: APIBlueprint, begin: BeginUnitOfWork) -> None:
    @blueprint.get("/admin/companies", responses={200: CompanyPage})
    @operators(roles=_READERS)
    def list_companies(query: CompaniesQuery) -> CompanyPage:
        """Companies, narrowed down."""
        after = read_cursor(query.cursor, UUID)
        wanted = CompanyQuery(query.state, query.payment_method, query.text, after[0] if after else None)
        with begin() as uow:
            rows = uow.companies.page(wanted, query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda each: (each.id,), show=_view)
        return CompanyPage(items=items, next_cursor=next_cursor)

    @blueprint.get(_ONE, responses={200: CompanyView})
    @operators(roles=_READERS)
    def show_company(path: CompanyPath) -> CompanyView:
        """One company."""
        with begin() as uow:
            company = uow.companies.get(path.company_id)
        if company is None:
            raise CompanyNotFoundError
        return _view(company)


def _add_acts(blueprint: APIBlueprint, begin: BeginUnitOfWork) -> None:
    @blueprint.post(f"{_ONE}/suspend", responses={200: CompanyView})
    @operators(roles=_DECIDERS)
    def suspend_company(path: CompanyPath, body: ReasonBody) -> CompanyView:
        """Suspend the company with all of its members; their sessions end in every service."""
        return _act(path, CompanyAct.SUSPEND, body.reason, begin)

    @blueprint.post(f"{_ONE}/resume", responses={200: CompanyView})
    @operators(roles=_DECIDERS)
    def resume_company(path: CompanyPath, body: ReasonBody) -> CompanyView:
        """Let the company and its members in again."""
        return _act(path, CompanyAct.RESUME, body.reason, begin)

    @blueprint.put(f"{_ONE}/cash-like", responses={200: CompanyView})
    @operators(roles=_GRANTERS)
    def put_cash_like(path: CompanyPath, body: CashLikeBody) -> CompanyView:
        """Grant, change or revoke the permission to buy cash-like products (IDN-23)."""
        command = GrantCashLike(
            path.company_id, caller().subject_id, body.permitted, body.monthly_limit_krw, body.reason
        )
        with begin() as uow:
            return _view(grant_cash_like(command, uow))


def _add_changes(blueprint: APIBlueprint, begin: BeginUnitOfWork) -> None:
    @blueprint.get(_CHANGES, responses={200: BusinessChangePage})
    @operators(roles=_READERS)
    def list_business_changes(query: ChangesQuery) -> BusinessChangePage:
        """Changes in a state; those that wait, unless another is asked for."""
        after = read_cursor(query.cursor, UUID)
        with begin() as uow:
            rows = uow.business_changes.page(query.state, after[0] if after else None, query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda each: (each.id,), show=change_view)
        return BusinessChangePage(items=items, next_cursor=next_cursor)

    @blueprint.post(f"{_CHANGES}/<change_id>/approve", responses={200: BusinessChangeView})
    @operators(roles=_DECIDERS)
    def approve_business_change(path: ChangePath) -> BusinessChangeView:
        """Put the change into force."""
        with begin() as uow:
            return change_view(decide_business_change(DecideBusinessChange(path.change_id, caller().subject_id), uow))

    @blueprint.post(f"{_CHANGES}/<change_id>/reject", responses={200: BusinessChangeView})
    @operators(roles=_DECIDERS)
    def reject_business_change(path: ChangePath, body: ReasonBody) -> BusinessChangeView:
        """Refuse the change, with a reason that the master sees."""
        command = DecideBusinessChange(path.change_id, caller().subject_id, body.reason)
        with begin() as uow:
            return change_view(decide_business_change(command, uow))


def change_view(change: BusinessChange) -> BusinessChangeView:
    """A change as operators and its company's master see it."""
    return BusinessChangeView(
        change_id=change.id,
        company_id=change.company_id,
        name=change.name,
        representative_name=change.representative_name,
        state=change.state,
        requested_by=change.requested_by,
        requested_at=change.requested_at,
        decided_by=change.decided_by,
        decided_at=change.decided_at,
        reason=change.reason,
    )


def _act(path: CompanyPath, act: CompanyAct, reason: str, begin: BeginUnitOfWork) -> CompanyView:
    with begin() as uow:
        return _view(act_on_company(ActOnCompany(path.company_id, caller().subject_id, act, reason), uow))


def _view(company: Company) -> CompanyView:
    return CompanyView(
        company_id=company.id,
        state=company.state,
        name=company.name,
        representative_name=company.representative_name,
        business_number=str(company.business_number),
        payment_method=company.payment_method,
        master_id=company.master_id,
        approved_at=company.approved_at,
        cash_like=CashLikeView(
            permitted=company.cash_like.permitted, monthly_limit_krw=company.cash_like.monthly_limit_krw
        ),
    )
