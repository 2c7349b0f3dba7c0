"""Asking how issued coupons stand, in PostgreSQL: one index over issued coupons says which are due.

A coupon is due when its time is over, or earlier or later when `asking_due_at` says so.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select, tuple_, update
from sqlalchemy.orm import Session

from chassis.bulk import BulkUpdate
from ordering.domain.coupon import CouponState, tr_id
from ordering.domain.standing import AskedCoupon, Standing
from ordering.storage.tables import coupons, order_items, order_lines, supplier_stops

_IS_ISSUED = coupons.c.state == CouponState.ISSUED.value
_DUE_AT = func.coalesce(coupons.c.asking_due_at, coupons.c.expires_at)
_RECORD = BulkUpdate(
    coupons,
    keys=("line_id", "item_no"),
    changing=("state", "asked_at", "asking_due_at", "asking_until"),
    only=("state", [CouponState.ISSUED.value]),
)


class PostgresStandings:
    """`Standings` and `LookedAt` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self, at: datetime, lease_seconds: float, coupons_max: int) -> Sequence[AskedCoupon]:
        """Take coupons that are due and nobody's, for as long as the lease on the database's clock runs."""
        free = or_(coupons.c.asking_until.is_(None), coupons.c.asking_until < func.clock_timestamp())
        stopped = select(supplier_stops.c.supplier).where(supplier_stops.c.stopped_until > at)
        of_item = and_(order_items.c.order_id == order_lines.c.order_id, order_items.c.item_no == coupons.c.item_no)
        due = (
            select(coupons.c.line_id, coupons.c.item_no, order_items.c.supplier)
            .join(order_lines, order_lines.c.id == coupons.c.line_id)
            .join(order_items, of_item)
            .where(_IS_ISSUED, at >= _DUE_AT, free, order_items.c.supplier.not_in(stopped))
            .order_by(_DUE_AT)
            .limit(coupons_max)
            .with_for_update(of=coupons, skip_locked=True)
            .cte("due")
        )
        claimed = (
            update(coupons)
            .where(coupons.c.line_id == due.c.line_id, coupons.c.item_no == due.c.item_no)
            .values(asking_until=func.clock_timestamp() + timedelta(seconds=lease_seconds))
            .returning(coupons.c.line_id, coupons.c.item_no, due.c.supplier, coupons.c.expires_at)
        )
        return [
            AskedCoupon(row.line_id, row.item_no, row.supplier, tr_id(row.line_id, row.item_no), row.expires_at)
            for row in self._session.execute(claimed)
        ]

    def record(self, standings: Sequence[Standing]) -> None:
        """Store what became of coupons, and give them back; only one that is issued still is changed."""
        rows = [(one.line_id, one.item_no, one.state.value, one.asked_at, one.next_at, None) for one in standings]
        _RECORD.execute(self._session, rows)

    def want(self, line_id: UUID, at: datetime, known_before: datetime) -> bool:
        """Make those of the line's coupons due of which nothing was heard since; whether there were any."""
        silent = (
            select(coupons.c.line_id, coupons.c.item_no)
            .where(
                coupons.c.line_id == line_id,
                _IS_ISSUED,
                func.coalesce(coupons.c.asked_at, coupons.c.issued_at) <= known_before,
                at < _DUE_AT,
            )
            .with_for_update(skip_locked=True)
        )
        wanted = (
            update(coupons)
            .where(tuple_(coupons.c.line_id, coupons.c.item_no).in_(silent))
            .values(asking_due_at=at)
            .returning(coupons.c.item_no)
        )
        return bool(self._session.execute(wanted).all())

    def are_awaited(self, line_id: UUID, since: datetime) -> bool:
        """Whether the line has coupons that were made due then and have not been asked about."""
        awaited = exists().where(coupons.c.line_id == line_id, _IS_ISSUED, coupons.c.asking_due_at == since)
        return bool(self._session.execute(select(awaited)).scalar_one())
