"""거래명세서 발행: statements of selected or all orders (ORD-31, ORD-34)."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Self
from uuid import UUID

from flask import Response
from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field, model_validator

from chassis.access import members
from chassis.bodies import RequestBody
from chassis.idempotency import idempotency_key, keyed
from ordering.api.desk import MemberDesk
from ordering.api.history_models import OrderFilterQuery
from ordering.api.viewers import viewer
from ordering.application.queries import EVERYTHING
from ordering.application.statements import MakeStatement, make_statement, statement_of
from ordering.domain.statement import Seller, Statement

MAKE = "make_statement"
PDF = "application/pdf"
ORDERS_NAMED_MAX = 1000


class FilterIn(OrderFilterQuery, RequestBody):
    """The list's filters, as they stand when all orders are asked for."""


class StatementIn(RequestBody):
    """선택명세서: `order_ids`; 전체명세서: `filter`, which may be empty."""

    order_ids: Annotated[list[UUID], Field(min_length=1, max_length=ORDERS_NAMED_MAX)] | None = None
    filter: FilterIn | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.order_ids is None) is (self.filter is None):
            raise ValueError("order_ids or filter, one of both")
        return self


class StatementPath(BaseModel):
    """A statement that the caller made."""

    statement_id: UUID


class StatementAnswer(BaseModel):
    """A statement and where its document is; the sum in KRW."""

    statement_id: UUID
    number: str
    issued_at: datetime
    title: str
    orders: int
    coupons: int
    total_krw: int
    pdf_url: str


def statements_blueprint(
    desk: MemberDesk, seller: Seller, orders_max: int, print_statement: Callable[[Statement], bytes]
) -> APIBlueprint:
    """The routes under `/v1/statements`."""
    blueprint = APIBlueprint("statements", __name__, abp_tags=[Tag(name="orders")])

    @blueprint.post("/v1/statements", responses={201: StatementAnswer})
    @members
    @keyed
    def make(body: StatementIn) -> tuple[StatementAnswer, int]:
        """Make a statement of orders being sent or sent; its figures are those of this moment and stay."""
        who = viewer()
        order_ids = None if body.order_ids is None else tuple(body.order_ids)
        narrowed = EVERYTHING if body.filter is None else body.filter.filter()
        with desk.transaction() as transaction:
            once = transaction.keys.once(
                scope=str(who.member_id),
                key=idempotency_key(),
                operation=MAKE,
                body=body,
                create=lambda: make_statement(
                    MakeStatement(who, order_ids, narrowed), seller, orders_max, transaction.uow
                ),
            )
            statement = statement_of(once.resource_id, who, transaction.uow)
        return _answer(once.resource_id, statement), HTTPStatus.CREATED

    @blueprint.get("/v1/statements/<uuid:statement_id>", responses={200: StatementAnswer})
    @members
    def show(path: StatementPath) -> StatementAnswer:
        """A statement that the caller made."""
        with desk.transaction() as transaction:
            return _answer(path.statement_id, statement_of(path.statement_id, viewer(), transaction.uow))

    @blueprint.get("/v1/statements/<uuid:statement_id>/pdf")
    @members
    def pdf(path: StatementPath) -> Response:
        """The statement as PDF."""
        with desk.transaction() as transaction:
            statement = statement_of(path.statement_id, viewer(), transaction.uow)
        response = Response(print_statement(statement), mimetype=PDF)
        response.headers["Content-Disposition"] = f'attachment; filename="{statement.number}.pdf"'
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return blueprint


def _answer(statement_id: UUID, statement: Statement) -> StatementAnswer:
    return StatementAnswer(
        statement_id=statement_id,
        number=statement.number,
        issued_at=statement.issued_at,
        title=statement.title,
        orders=len(statement.orders),
        coupons=statement.coupons,
        total_krw=statement.total_krw,
        pdf_url=f"/v1/statements/{statement_id}/pdf",
    )
