"""Closed months of issue in PostgreSQL: recording coupons and closing a month wait for each other."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, DateTime, Index, Table, Text, and_, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from ordering.application.month_ports import CompanyMonth
from ordering.domain.issuing_month import IssuingMonth
from ordering.storage.schema import metadata
from ordering.storage.tables import coupons, order_items, order_lines, orders

_LOCK = func.hashtextextended("ordering.issuing_months", 0)

closed_months = Table(
    "closed_months",
    metadata,
    Column("month", Text, primary_key=True),
    Column("begins_at", DateTime(timezone=True), nullable=False),
    Column("ends_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True), nullable=False),
    Column("said_at", DateTime(timezone=True), comment="when each company's figures were said"),
    Index("ix_closed_months_unsaid", "begins_at", postgresql_where=text("said_at IS NULL")),
)


class PostgresIssuingMonths:
    """`IssuingMonths` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold_open(self) -> datetime | None:
        """Let no month be closed until the transaction ends; since when the open month runs, None if none was closed.

        The lock is a statement of its own: one that waited for it inside would not see what it waited for.
        """
        self._session.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))
        since: datetime | None = self._session.scalar(select(func.max(closed_months.c.ends_at)))
        return since

    def close(self, month: IssuingMonth, at: datetime) -> None:
        """Close the month once every transaction that records issued coupons has ended; closed twice is once."""
        self._session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        row = insert(closed_months).values(
            month=month.name, begins_at=month.begins_at, ends_at=month.ends_at, closed_at=at
        )
        self._session.execute(row.on_conflict_do_nothing())

    def claim_unsaid(self) -> IssuingMonth | None:
        """The oldest closed month whose figures were not said, locked; None when there is none, or another has it."""
        statement = (
            select(closed_months.c.month, closed_months.c.begins_at, closed_months.c.ends_at)
            .where(closed_months.c.said_at.is_(None))
            .order_by(closed_months.c.begins_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = self._session.execute(statement).one_or_none()
        return None if row is None else IssuingMonth(*row)

    def issued_in(self, month: IssuingMonth) -> Sequence[CompanyMonth]:
        """What each company's coupons of the month count and sum to, revoked ones among them."""
        of_item = and_(order_items.c.order_id == order_lines.c.order_id, order_items.c.item_no == coupons.c.item_no)
        statement = (
            select(orders.c.company_id, func.count(), func.sum(order_items.c.sale_price_krw))
            .select_from(coupons)
            .join(order_lines, order_lines.c.id == coupons.c.line_id)
            .join(orders, orders.c.id == order_lines.c.order_id)
            .join(order_items, of_item)
            .where(coupons.c.issued_at >= month.begins_at, coupons.c.issued_at < month.ends_at)
            .group_by(orders.c.company_id)
            .order_by(orders.c.company_id)
        )
        return [
            CompanyMonth(company_id, count, int(krw)) for company_id, count, krw in self._session.execute(statement)
        ]

    def note_said(self, month: IssuingMonth, at: datetime) -> None:
        """Note that the figures were said."""
        self._session.execute(update(closed_months).where(closed_months.c.month == month.name).values(said_at=at))
