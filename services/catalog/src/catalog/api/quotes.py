"""Quotes (견적서) from the cart and from the order form (CAT-08)."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Self
from uuid import UUID

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field, model_validator

from catalog.application.documents import QuoteDocuments
from catalog.application.ports import Transaction
from catalog.application.quotes import IssueQuote, issue_quote, quote_of
from catalog.domain.quote import Quote, QuotedOrderType, SupplierParty
from chassis.access import caller, members
from chassis.bodies import RequestBody
from chassis.idempotency import idempotency_key, keyed
from chassis.problems import Forbidden

ISSUE = "issue_quote"
NAMED_MAX = 1_000
"""So many offers or lines a request may name; how many a quote is for is the rules' matter."""
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QuoteIn(RequestBody):
    """What is to be quoted: the form's `offer_ids`, or lines of the cart, all of them when none is named."""

    offer_ids: list[UUID] | None = Field(default=None, min_length=1, max_length=NAMED_MAX)
    cart_line_ids: list[UUID] = Field(default_factory=list, max_length=NAMED_MAX)
    order_type: QuotedOrderType = QuotedOrderType.FIXED
    recipients: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.offer_ids is not None and self.cart_line_ids:
            raise ValueError("offer_ids and cart_line_ids exclude each other")
        return self


class QuotePath(BaseModel):
    """A quote that the caller issued."""

    quote_id: UUID


class QuoteLineOut(BaseModel):
    """A product at the prices of issue."""

    brand_name: str
    product_name: str
    validity_days: int
    face_price_krw: int
    sale_price_krw: int


class QuoteOut(BaseModel):
    """A quote and where its documents are; amounts in KRW, the discount negative."""

    quote_id: UUID
    number: str
    issued_at: datetime
    valid_until_on: date
    company_name: str
    order_type: QuotedOrderType
    recipients: int
    items: list[QuoteLineOut]
    list_amount_krw: int
    discount_amount_krw: int
    pay_amount_krw: int
    pdf_url: str
    xlsx_url: str


def quotes_blueprint(transaction: Transaction, supplier: SupplierParty, documents: QuoteDocuments) -> APIBlueprint:
    """A member's own quotes."""
    blueprint = APIBlueprint("quotes", __name__)

    def found(quote_id: UUID) -> Quote:
        with transaction() as uow:
            return quote_of(quote_id, caller().subject_id, uow)

    @blueprint.post("/v1/quotes", responses={201: QuoteOut})
    @members
    @keyed
    def issue(body: QuoteIn) -> tuple[dict[str, object], HTTPStatus]:
        """Issue a quote at present prices; without recipients it is for one."""
        command = _command(body)
        with transaction() as uow:
            quote_id = uow.once(
                scope=str(command.member_id),
                key=idempotency_key(),
                operation=ISSUE,
                body=body.model_dump(mode="json", exclude_defaults=True),
                create=lambda: issue_quote(command, supplier, uow).id,
            )
            quote = quote_of(quote_id, command.member_id, uow)
        return _quote_out(quote).model_dump(mode="json"), HTTPStatus.CREATED

    @blueprint.get("/v1/quotes/<uuid:quote_id>", responses={200: QuoteOut})
    @members
    def show(path: QuotePath) -> dict[str, object]:
        """A quote as it was issued."""
        return _quote_out(found(path.quote_id)).model_dump(mode="json")

    @blueprint.get("/v1/quotes/<uuid:quote_id>/pdf")
    @members
    def pdf(path: QuotePath) -> Response:
        """The quote as PDF."""
        quote = found(path.quote_id)
        return _file(documents.pdf(quote), PDF, f"{quote.number}.pdf")

    @blueprint.get("/v1/quotes/<uuid:quote_id>/xlsx")
    @members
    def xlsx(path: QuotePath) -> Response:
        """The quote as a workbook."""
        quote = found(path.quote_id)
        return _file(documents.workbook(quote), XLSX, f"{quote.number}.xlsx")

    return blueprint


def _command(body: QuoteIn) -> IssueQuote:
    who = caller()
    if who.tenant_id is None:
        raise Forbidden
    return IssueQuote(
        member_id=who.subject_id,
        company_id=who.tenant_id,
        order_type=body.order_type,
        recipients=body.recipients,
        offer_ids=body.offer_ids,
        cart_line_ids=body.cart_line_ids,
    )


def _file(content: bytes, content_type: str, name: str) -> Response:
    response = Response(content, mimetype=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _quote_out(quote: Quote) -> QuoteOut:
    return QuoteOut(
        quote_id=quote.id,
        number=quote.number,
        issued_at=quote.issued_at,
        valid_until_on=quote.valid_until_on,
        company_name=quote.company_name,
        order_type=quote.order_type,
        recipients=quote.recipients,
        items=[
            QuoteLineOut(
                brand_name=line.brand_name,
                product_name=line.product_name,
                validity_days=line.validity_days,
                face_price_krw=line.face_price_krw,
                sale_price_krw=line.sale_price_krw,
            )
            for line in quote.lines
        ],
        list_amount_krw=quote.figures.list_amount_krw,
        discount_amount_krw=quote.figures.discount_amount_krw,
        pay_amount_krw=quote.figures.pay_amount_krw,
        pdf_url=f"/v1/quotes/{quote.id}/pdf",
        xlsx_url=f"/v1/quotes/{quote.id}/xlsx",
    )
