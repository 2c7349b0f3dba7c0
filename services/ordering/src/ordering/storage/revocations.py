"""Revocations in PostgreSQL: an order's coupons are taken by one statement, and claimed portion by portion."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, func, insert, literal, or_, select, true, tuple_, update
from sqlalchemy.orm import Session

from chassis.bulk import BulkUpdate
from ordering.application.revoking_ports import (
    ClaimedCoupons,
    NewRevocation,
    RevocableCoupon,
    RevocationView,
    WithdrawnCoupon,
)
from ordering.domain.coupon import CouponState, masked
from ordering.domain.revocation import CouponPlace, RevocationState, RevokedCoupon
from ordering.storage.revocation_queries import (
    OF_A_COUPON,
    are_among,
    are_revocable,
    coupon_of,
    coupons_with_last_try,
    coupons_with_products,
    withdraw,
)
from ordering.storage.revocation_tables import revocations, revoked_coupons
from ordering.storage.tables import coupons, order_items, order_lines, orders, supplier_stops

_OPEN = RevocationState.OPEN.value
_RECORD = BulkUpdate(
    revoked_coupons,
    keys=("revocation_id", "line_id", "item_no"),
    changing=("state", "tries", "next_at", "code", "ended_at", "owner", "lease_until"),
)


class PostgresRevocations:
    """`Revocations` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def order_of(self, order_number: str) -> UUID | None:
        """The order with the number."""
        found: UUID | None = self._session.scalar(select(orders.c.id).where(orders.c.order_number == order_number))
        return found

    def not_revocable(self, order_id: UUID, wanted: Sequence[CouponPlace]) -> Sequence[CouponPlace]:
        """Those of the coupons that are not issued, are being revoked, or do not exist."""
        statement = select(order_lines.c.line_no, coupons.c.item_no).select_from(coupons_with_products())
        found = self._session.execute(statement.where(are_revocable(order_id), are_among(wanted)))
        revocable = {CouponPlace(*row) for row in found}
        return [place for place in wanted if place not in revocable]

    def add(self, new: NewRevocation, wanted: Sequence[CouponPlace] | None) -> int:
        """Store it with the named coupons, or all that can be revoked, due at once; how many."""
        self._session.execute(
            insert(revocations).values(
                id=new.revocation_id,
                order_id=new.order_id,
                operator_id=new.operator_id,
                reason=new.reason,
                repaid=new.repaid,
                requested_at=new.requested_at,
            )
        )
        taken = (
            select(
                literal(new.revocation_id),
                coupons.c.line_id,
                coupons.c.item_no,
                order_items.c.supplier,
                literal(_OPEN),
                literal(0),
                literal(new.requested_at),
            )
            .select_from(coupons_with_products())
            .where(are_revocable(new.order_id), true() if wanted is None else are_among(wanted))
        )
        columns = ("revocation_id", "line_id", "item_no", "supplier", "state", "tries", "next_at")
        stored = insert(revoked_coupons).from_select(columns, taken).returning(revoked_coupons.c.item_no)
        return len(self._session.execute(stored).all())

    def claim(self, at: datetime, owner: UUID, lease_seconds: float, coupons_max: int) -> ClaimedCoupons | None:
        """Take due coupons of one revocation and supplier, for as long as the lease on the database's clock runs."""
        free = or_(revoked_coupons.c.lease_until.is_(None), revoked_coupons.c.lease_until < func.clock_timestamp())
        stopped = select(supplier_stops.c.supplier).where(supplier_stops.c.stopped_until > at)
        due = and_(
            revoked_coupons.c.state == _OPEN,
            revoked_coupons.c.next_at <= at,
            free,
            revoked_coupons.c.supplier.not_in(stopped),
        )
        head = (
            select(revocations, revoked_coupons.c.supplier)
            .join(revoked_coupons, revoked_coupons.c.revocation_id == revocations.c.id)
            .where(due)
            .order_by(revoked_coupons.c.next_at, revocations.c.id)
            .limit(1)
        )
        first = self._session.execute(head).one_or_none()
        if first is None:
            return None
        mine = (
            select(revoked_coupons.c.line_id, revoked_coupons.c.item_no)
            .where(due, revoked_coupons.c.revocation_id == first.id, revoked_coupons.c.supplier == first.supplier)
            .order_by(revoked_coupons.c.line_id, revoked_coupons.c.item_no)
            .limit(coupons_max)
            .with_for_update(skip_locked=True)
            .cte("mine")
        )
        claimed = (
            update(revoked_coupons)
            .where(
                revoked_coupons.c.revocation_id == first.id,
                revoked_coupons.c.line_id == mine.c.line_id,
                revoked_coupons.c.item_no == mine.c.item_no,
            )
            .values(owner=owner, lease_until=func.clock_timestamp() + timedelta(seconds=lease_seconds))
            .returning(*OF_A_COUPON)
        )
        taken = tuple(coupon_of(row) for row in self._session.execute(claimed))
        return ClaimedCoupons(first.id, first.order_id, first.supplier, first.repaid, taken) if taken else None

    def lock_open(self, claimed: ClaimedCoupons) -> Sequence[RevokedCoupon]:
        """Those of the claimed coupons that nobody settled meanwhile, locked."""
        wanted = [(one.line_id, one.item_no) for one in claimed.coupons]
        statement = (
            select(*OF_A_COUPON)
            .where(
                revoked_coupons.c.revocation_id == claimed.revocation_id,
                tuple_(revoked_coupons.c.line_id, revoked_coupons.c.item_no).in_(wanted),
                revoked_coupons.c.state == _OPEN,
            )
            .order_by(revoked_coupons.c.line_id, revoked_coupons.c.item_no)
            .with_for_update()
        )
        return [coupon_of(row) for row in self._session.execute(statement)]

    def record(self, coupons: Sequence[RevokedCoupon]) -> None:
        """Store what became of coupons, and give them back."""
        rows = [
            (
                one.revocation_id,
                one.line_id,
                one.item_no,
                one.state.value,
                one.tries,
                one.next_at,
                one.code,
                one.ended_at,
                None,
                None,
            )
            for one in coupons
        ]
        _RECORD.execute(self._session, rows)

    def withdraw(self, coupons: Sequence[RevokedCoupon]) -> Sequence[WithdrawnCoupon]:
        """Make issued coupons revoked ones; those that were."""
        if not coupons:
            return ()
        return withdraw(self._session, [(one.line_id, one.item_no) for one in coupons])

    def page(
        self, order_id: UUID | None, before: UUID | None, limit: int, revocation_id: UUID | None = None
    ) -> Sequence[RevocationView]:
        """Revocations, newest first."""
        of_page = select(revocations.c.id).order_by(revocations.c.id.desc()).limit(limit)
        for column, value in ((revocations.c.order_id, order_id), (revocations.c.id, revocation_id)):
            if value is not None:
                of_page = of_page.where(column == value)
        if before is not None:
            of_page = of_page.where(revocations.c.id < before)
        counts = [
            func.count().filter(revoked_coupons.c.state == state.value).label(state.value) for state in RevocationState
        ]
        statement = (
            select(revocations, orders.c.order_number, *counts)
            .join(orders, orders.c.id == revocations.c.order_id)
            .join(revoked_coupons, revoked_coupons.c.revocation_id == revocations.c.id)
            .where(revocations.c.id.in_(of_page))
            .group_by(revocations.c.id, orders.c.order_number)
            .order_by(revocations.c.id.desc())
        )
        return [
            RevocationView(
                revocation_id=row.id,
                order_id=row.order_id,
                order_number=row.order_number,
                operator_id=row.operator_id,
                reason=row.reason,
                repaid=row.repaid,
                requested_at=row.requested_at,
                open=row.open,
                revoked=row.revoked,
                refused=row.refused,
            )
            for row in self._session.execute(statement)
        ]

    def coupons(self, order_id: UUID, after: CouponPlace | None, limit: int) -> Sequence[RevocableCoupon]:
        """The order's coupons by recipient and product, after the one named."""
        place = tuple_(order_lines.c.line_no, coupons.c.item_no)
        statement = coupons_with_last_try().where(order_lines.c.order_id == order_id)
        if after is not None:
            statement = statement.where(place > tuple_(after.line_no, after.item_no))
        found = self._session.execute(statement.order_by(order_lines.c.line_no, coupons.c.item_no).limit(limit))
        return [
            RevocableCoupon(
                line_no=row.line_no,
                item_no=row.item_no,
                product_name=row.product_name,
                state=CouponState(row.state),
                number_masked=None if row.number is None else masked(row.number),
                sale_price_krw=row.sale_price_krw,
                revocation=None if row.revocation is None else RevocationState(row.revocation),
                code=row.code,
            )
            for row in found
        ]
