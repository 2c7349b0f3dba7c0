"""Which coupons can be revoked, which are being revoked, and what becomes of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Row, Select, and_, exists, select, true, tuple_, update
from sqlalchemy.orm import Session

from ordering.application.revoking_ports import WithdrawnCoupon
from ordering.domain.coupon import COUPON_STATES, CouponState, CouponStep
from ordering.domain.revocation import CouponPlace, RevocationState, RevokedCoupon
from ordering.storage.revocation_tables import revoked_coupons
from ordering.storage.tables import coupons, order_items, order_lines

REVOCABLE = [state.value for state in COUPON_STATES.sources(CouponStep.REVOKED)]
OF_A_COUPON: tuple[ColumnElement[Any], ...] = (
    revoked_coupons.c.revocation_id,
    revoked_coupons.c.line_id,
    revoked_coupons.c.item_no,
    revoked_coupons.c.state,
    revoked_coupons.c.tries,
    revoked_coupons.c.next_at,
    revoked_coupons.c.code,
    revoked_coupons.c.ended_at,
)


def coupon_of(row: Row[Any]) -> RevokedCoupon:
    """A row of `OF_A_COUPON`."""
    return RevokedCoupon(
        revocation_id=row.revocation_id,
        line_id=row.line_id,
        item_no=row.item_no,
        state=RevocationState(row.state),
        tries=row.tries,
        next_at=row.next_at,
        code=row.code,
        ended_at=row.ended_at,
    )


def coupons_with_products() -> FromClause:
    """Coupons with their recipients' lines and their products."""
    of_item = and_(order_items.c.order_id == order_lines.c.order_id, order_items.c.item_no == coupons.c.item_no)
    return order_lines.join(coupons, coupons.c.line_id == order_lines.c.id).join(order_items, of_item)


def are_revocable(order_id: UUID) -> ColumnElement[bool]:
    """Coupons of the order that are issued and not being revoked."""
    return and_(order_lines.c.order_id == order_id, coupons.c.state.in_(REVOCABLE), ~is_being_revoked())


def is_being_revoked() -> ColumnElement[bool]:
    """Whether a revocation of the coupon in the enclosing statement is on its way."""
    return exists().where(
        revoked_coupons.c.line_id == coupons.c.line_id,
        revoked_coupons.c.item_no == coupons.c.item_no,
        revoked_coupons.c.state == RevocationState.OPEN.value,
    )


def are_among(places: Sequence[CouponPlace]) -> ColumnElement[bool]:
    """Coupons that are named by recipient and product."""
    return tuple_(order_lines.c.line_no, coupons.c.item_no).in_([(place.line_no, place.item_no) for place in places])


def coupons_with_last_try() -> Select[Any]:
    """Coupons, each with its latest revocation if there was one."""
    latest = (
        select(revoked_coupons.c.state.label("revocation"), revoked_coupons.c.code)
        .where(revoked_coupons.c.line_id == coupons.c.line_id, revoked_coupons.c.item_no == coupons.c.item_no)
        .order_by(revoked_coupons.c.revocation_id.desc())
        .limit(1)
        .lateral("latest")
    )
    return select(
        order_lines.c.line_no,
        coupons.c.item_no,
        coupons.c.state,
        coupons.c.number,
        order_items.c.product_name,
        order_items.c.sale_price_krw,
        latest.c.revocation,
        latest.c.code,
    ).select_from(coupons_with_products().outerjoin(latest, true()))


def withdraw(session: Session, keys: Sequence[tuple[UUID, int]]) -> Sequence[WithdrawnCoupon]:
    """Make issued coupons revoked ones; those that were. One that was used or ran out meanwhile stays what it is."""
    revoked = (
        update(coupons)
        .where(
            tuple_(coupons.c.line_id, coupons.c.item_no).in_(keys),
            coupons.c.state.in_(REVOCABLE),
            order_lines.c.id == coupons.c.line_id,
            order_items.c.order_id == order_lines.c.order_id,
            order_items.c.item_no == coupons.c.item_no,
        )
        .values(state=CouponState.REVOKED.value)
        .returning(order_items.c.sale_price_krw, order_items.c.cash_like, coupons.c.issued_at)
    )
    return [WithdrawnCoupon(*row) for row in session.execute(revoked)]
