"""Making a statement of selected or all orders (ORD-31, ORD-34): figures as they stand now, kept as they were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from ordering.application.judging import SEOUL
from ordering.application.queries import OrderFilter, OrderView, Viewer
from ordering.domain.errors import OrderUnknownError
from ordering.domain.statement import (
    STATED,
    Buyer,
    IssuedCoupons,
    Seller,
    StatedOrder,
    Statement,
    StatementOrdersCountError,
    StatementStateRefusedError,
    StatementUnknownError,
    amounts_of,
    products_of,
    statement_number,
)

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True)
class MakeStatement:
    """What a member asks for: selected orders, or all that qualify under the list's filters."""

    viewer: Viewer
    order_ids: tuple[UUID, ...] | None
    narrowed: OrderFilter


class Statements(Protocol):
    """Statements that were made, and what they are made of."""

    def buyer(self, company_id: UUID, member_id: UUID) -> Buyer:
        """Who asks, and for which company."""

    def selected(self, viewer: Viewer, order_ids: Sequence[UUID]) -> Sequence[OrderView]:
        """Those of the orders that the viewer may see, oldest first."""

    def qualifying(self, viewer: Viewer, narrowed: OrderFilter, limit: int) -> Sequence[OrderView]:
        """Orders being sent or sent that the filter lets through, oldest first."""

    def issued(self, order_ids: Sequence[UUID]) -> Sequence[IssuedCoupons]:
        """Issued coupons that were not revoked, by order and product, as of one moment."""

    def number_is_free(self, number: str) -> bool:
        """Whether no statement has the number; nobody else takes it until the transaction ends."""

    def add(self, statement_id: UUID, viewer: Viewer, statement: Statement) -> None:
        """Keep the statement."""

    def find(self, statement_id: UUID, viewer: Viewer) -> Statement | None:
        """A statement that the viewer made."""


class StatingUnit(Protocol):
    """One transaction in which a statement is made."""

    @property
    def statements(self) -> Statements: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""

    def new_id(self) -> UUID:
        """A fresh id."""


def make_statement(command: MakeStatement, seller: Seller, orders_max: int, uow: StatingUnit) -> UUID:
    """Make it and keep it. Each order's amount is the sum of its coupons, so that both totals are one.

    Raises `OrderUnknownError`, `StatementStateRefusedError`, `StatementOrdersCountError`.
    """
    orders = _orders(command, orders_max, uow)
    issued = uow.statements.issued([order.order_id for order in orders])
    amounts = amounts_of(issued)
    issued_at = _free_moment(uow)
    statement = Statement(
        number=statement_number(issued_at, SEOUL),
        issued_at=issued_at,
        buyer=uow.statements.buyer(command.viewer.company_id, command.viewer.member_id),
        seller=seller,
        orders=tuple(
            StatedOrder(
                order_number=order.order_number,
                order_name=order.order_name,
                order_type=order.order_type,
                placed_at=order.placed_at,
                started_at=order.started_at or order.placed_at,
                amount_krw=amounts.get(order.order_id, 0),
            )
            for order in orders
        ),
        products=products_of(issued),
    )
    statement_id = uow.new_id()
    uow.statements.add(statement_id, command.viewer, statement)
    return statement_id


def statement_of(statement_id: UUID, viewer: Viewer, uow: StatingUnit) -> Statement:
    """A statement that the viewer made. Raises `StatementUnknownError`."""
    statement = uow.statements.find(statement_id, viewer)
    if statement is None:
        raise StatementUnknownError
    return statement


def _orders(command: MakeStatement, orders_max: int, uow: StatingUnit) -> Sequence[OrderView]:
    if command.order_ids is None:
        found = uow.statements.qualifying(command.viewer, command.narrowed, orders_max + 1)
    else:
        found = uow.statements.selected(command.viewer, command.order_ids)
        if len(found) < len(set(command.order_ids)):
            raise OrderUnknownError
        refused = [order for order in found if order.state not in STATED]
        if refused:
            raise StatementStateRefusedError(refused[0].order_number, refused[0].state.value, len(refused))
    if not 0 < len(found) <= orders_max:
        raise StatementOrdersCountError(len(found), orders_max)
    return found


def _free_moment(uow: StatingUnit) -> datetime:
    """Now to the millisecond, or the first moment after it whose number is free."""
    now = uow.now()
    moment = now - timedelta(microseconds=now.microsecond % 1000)
    while not uow.statements.number_is_free(statement_number(moment, SEOUL)):
        moment += _MILLISECOND
    return moment
