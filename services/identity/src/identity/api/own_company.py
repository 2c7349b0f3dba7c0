"""The own company's data over REST: members read it, the master has it changed after a review (IDN-25)."""

from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from chassis.access import caller, members
from chassis.bodies import RequestBody
from identity.api.callers import own_company
from identity.api.sign_up_models import ShortText
from identity.application.business_changes import RequestBusinessChange, request_business_change
from identity.application.ports import BeginUnitOfWork, UnitOfWork
from identity.domain.company import BusinessChange, PaymentMethod
from identity.domain.errors import CompanyNotFoundError


class WaitingChangeView(BaseModel):
    """What the master entered and nobody has decided yet."""

    change_id: UUID
    name: str
    representative_name: str


class OwnCompanyView(BaseModel):
    """The company as it is, and the change that waits."""

    company_id: UUID
    name: str
    representative_name: str
    business_number: str
    payment_method: PaymentMethod
    waiting_change: WaitingChangeView | None


class BusinessDataBody(RequestBody):
    """상호명, 대표자명 as they should be."""

    name: ShortText
    representative_name: ShortText


def own_company_blueprint(begin: BeginUnitOfWork) -> APIBlueprint:
    """What belongs to the caller's company, and to no other."""
    blueprint = APIBlueprint("own_company", __name__)

    @blueprint.get("/v1/company", responses={200: OwnCompanyView})
    @members
    def show_own_company() -> OwnCompanyView:
        """The own company."""
        with begin() as uow:
            return _view(own_company(), uow)

    @blueprint.put("/v1/company", responses={202: OwnCompanyView})
    @members(roles={"master"})
    def put_business_data(body: BusinessDataBody) -> tuple[OwnCompanyView, int]:
        """Have business data changed; they stay as they are until an operator has looked at the change."""
        command = RequestBusinessChange(own_company(), caller().subject_id, body.name, body.representative_name)
        with begin() as uow:
            request_business_change(command, uow)
            return _view(own_company(), uow), 202

    return blueprint


def _view(company_id: UUID, uow: UnitOfWork) -> OwnCompanyView:
    company = uow.companies.get(company_id)
    if company is None:
        raise CompanyNotFoundError
    waiting = uow.business_changes.waiting_of(company_id)
    return OwnCompanyView(
        company_id=company.id,
        name=company.name,
        representative_name=company.representative_name,
        business_number=str(company.business_number),
        payment_method=company.payment_method,
        waiting_change=None if waiting is None else _waiting_view(waiting),
    )


def _waiting_view(change: BusinessChange) -> WaitingChangeView:
    return WaitingChangeView(change_id=change.id, name=change.name, representative_name=change.representative_name)
