"""Operators change the contracts of postpaid companies (WAL-11)."""

from typing import Annotated

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, StringConstraints

from chassis.access import caller, operators
from wallet.api.ledger import CompanyPath
from wallet.api.wallet import WalletModel, model_of
from wallet.application.companies import ChangeContract, change_contract
from wallet.application.ports import Transactions
from wallet.application.queries import balances_of

LIMIT_MAX_KRW = 1_000_000_000_000


class ContractChange(BaseModel):
    """The new limit a Seoul month; it counts at once, in the running month too."""

    monthly_limit_krw: Annotated[int, Field(strict=True, ge=0, le=LIMIT_MAX_KRW)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


def contracts_blueprint(transactions: Transactions) -> APIBlueprint:
    """The route of the admin port about contracts, for the roles `finance` and `admin`."""
    blueprint = APIBlueprint("contracts", __name__, abp_tags=[Tag(name="contracts")])

    @blueprint.put("/admin/companies/<uuid:company_id>/credit-contract", responses={200: WalletModel})
    @operators(roles={"finance", "admin"})
    def put_contract(path: CompanyPath, body: ContractChange) -> WalletModel:
        """Change a postpaid company's monthly limit."""
        command = ChangeContract(path.company_id, caller().subject_id, body.monthly_limit_krw, body.reason)
        with transactions() as uow:
            change_contract(command, uow)
            view = balances_of(path.company_id, uow)
        return model_of(view, by_sub_member=False)

    return blueprint
