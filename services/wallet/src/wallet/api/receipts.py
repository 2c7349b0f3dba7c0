"""[영수증] of a charge and of its cancellation, as PDF (WAL-05)."""

from collections.abc import Callable

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from chassis.access import members
from wallet.api.charges import ChargePath
from wallet.api.tenancy import own_company_id
from wallet.application.ports import Transactions
from wallet.application.receipts import cancellation_receipt, charge_receipt
from wallet.domain.receipt import Receipt, Supplier

PDF = "application/pdf"


def receipts_blueprint(
    transactions: Transactions, supplier: Supplier, print_receipt: Callable[[Receipt], bytes]
) -> APIBlueprint:
    """The receipts below /v1/charges/{id}, for masters."""
    blueprint = APIBlueprint("receipts", __name__, abp_tags=[Tag(name="charges")])

    @blueprint.get("/v1/charges/<uuid:charge_id>/receipt")
    @members(roles={"master"})
    def read_receipt(path: ChargePath) -> Response:
        """결제 영수증 of a paid charge, as PDF."""
        with transactions() as uow:
            receipt = charge_receipt(own_company_id(), path.charge_id, supplier, uow)
        return shown_pdf(print_receipt(receipt), f"receipt-{path.charge_id}")

    @blueprint.get("/v1/charges/<uuid:charge_id>/cancellation-receipt")
    @members(roles={"master"})
    def read_cancellation_receipt(path: ChargePath) -> Response:
        """결제 취소 영수증 of a cancelled charge, as PDF."""
        with transactions() as uow:
            receipt = cancellation_receipt(own_company_id(), path.charge_id, supplier, uow)
        return shown_pdf(print_receipt(receipt), f"cancellation-receipt-{path.charge_id}")

    return blueprint


def shown_pdf(document: bytes, name: str) -> Response:
    """A document to look at, kept by no cache."""
    response = Response(document, mimetype=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
