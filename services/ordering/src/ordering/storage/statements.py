"""Statements in PostgreSQL, kept whole and encrypted: they name people."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Column, DateTime, Index, Table, Text, Uuid, and_, exists, func, insert, select
from sqlalchemy.orm import Session

from chassis.columns import EncryptedText
from ordering.application.queries import OrderFilter, OrderView, Viewer
from ordering.domain.coupon import CouponState
from ordering.domain.statement import STATED, Buyer, IssuedCoupons, Statement
from ordering.storage.copies import companies, members
from ordering.storage.order_filters import conditions_of
from ordering.storage.schema import metadata
from ordering.storage.tables import coupons, order_items, order_lines, orders
from ordering.storage.views import order_view, orders_with_members, visible_to

BODY_PURPOSE = "ordering.statements.body"
_COUNTED = tuple(state.value for state in (CouponState.ISSUED, CouponState.USED, CouponState.EXPIRED))
_STATED = tuple(state.value for state in STATED)
_BODY = TypeAdapter(Statement)
_LOCK = func.hashtextextended("ordering.statement_numbers", 0)

statements = Table(
    "statements",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("company_id", Uuid, nullable=False),
    Column("member_id", Uuid, nullable=False),
    Column("issued_at", DateTime(timezone=True), nullable=False),
    Column("body", EncryptedText(BODY_PURPOSE), nullable=False),
    Index(None, "member_id", "id"),
)


class PostgresStatements:
    """`Statements` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def buyer(self, company_id: UUID, member_id: UUID) -> Buyer:
        """Who asks, and for which company; a name stands for an address that was not heard yet."""
        member = self._session.execute(select(members.c.email, members.c.name).where(members.c.id == member_id)).first()
        company = self._session.scalar(select(companies.c.name).where(companies.c.id == company_id))
        return Buyer("" if member is None else member.email or member.name, company or "")

    def selected(self, viewer: Viewer, order_ids: Sequence[UUID]) -> Sequence[OrderView]:
        """Those of the orders that the viewer may see, oldest first."""
        statement = orders_with_members().where(orders.c.id.in_(order_ids), visible_to(viewer)).order_by(orders.c.id)
        return [order_view(row) for row in self._session.execute(statement)]

    def qualifying(self, viewer: Viewer, narrowed: OrderFilter, limit: int) -> Sequence[OrderView]:
        """Orders being sent or sent that the filter lets through, oldest first."""
        statement = orders_with_members().where(
            visible_to(viewer), *conditions_of(narrowed), orders.c.state.in_(_STATED)
        )
        return [order_view(row) for row in self._session.execute(statement.order_by(orders.c.id).limit(limit))]

    def issued(self, order_ids: Sequence[UUID]) -> Sequence[IssuedCoupons]:
        """Issued coupons that were not revoked, by order and product: one statement, so as of one moment."""
        of_item = and_(order_items.c.order_id == order_lines.c.order_id, order_items.c.item_no == coupons.c.item_no)
        group = (
            order_lines.c.order_id,
            order_items.c.product_id,
            order_items.c.brand_name,
            order_items.c.product_name,
            order_items.c.validity_days,
            order_items.c.sale_price_krw,
        )
        statement = (
            select(*group, func.count())
            .select_from(order_lines)
            .join(coupons, coupons.c.line_id == order_lines.c.id)
            .join(order_items, of_item)
            .where(order_lines.c.order_id.in_(order_ids), coupons.c.state.in_(_COUNTED))
            .group_by(*group)
        )
        return [IssuedCoupons(*row) for row in self._session.execute(statement)]

    def number_is_free(self, number: str) -> bool:
        """Whether no statement has the number; nobody else takes it until the transaction ends."""
        self._session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        return not self._session.scalar(select(exists().where(statements.c.number == number)))

    def add(self, statement_id: UUID, viewer: Viewer, statement: Statement) -> None:
        """Keep the statement."""
        self._session.execute(
            insert(statements).values(
                id=statement_id,
                number=statement.number,
                company_id=viewer.company_id,
                member_id=viewer.member_id,
                issued_at=statement.issued_at,
                body=_BODY.dump_json(statement).decode(),
            )
        )

    def find(self, statement_id: UUID, viewer: Viewer) -> Statement | None:
        """A statement that the viewer made."""
        own = and_(statements.c.company_id == viewer.company_id, statements.c.member_id == viewer.member_id)
        body = self._session.scalar(select(statements.c.body).where(statements.c.id == statement_id, own))
        return None if body is None else _BODY.validate_json(body)
