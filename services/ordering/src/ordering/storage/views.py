"""Reading orders: joins and pages, never a statement a row."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select, tuple_
from sqlalchemy.orm import Session

from ordering.application.queries import (
    EVERYTHING,
    CouponNumber,
    CouponView,
    FlaggedCoupon,
    ItemView,
    LineView,
    OrderFilter,
    OrderView,
    Viewer,
)
from ordering.domain.attempt import AttemptState
from ordering.domain.coupon import CouponState, masked
from ordering.domain.dispatch import DispatchState
from ordering.domain.order import OrderState, Shortfall, Tally
from ordering.storage.copies import members
from ordering.storage.order_filters import conditions_of
from ordering.storage.tables import coupons, issue_attempts, order_items, order_lines, orders


class PostgresOrderViews:
    """`OrderViews` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def order(self, order_id: UUID, viewer: Viewer) -> OrderView | None:
        """The order, if the viewer may see it."""
        statement = orders_with_members().where(orders.c.id == order_id, visible_to(viewer))
        row = self._session.execute(statement).one_or_none()
        return None if row is None else order_view(row)

    def items(self, order_id: UUID) -> Sequence[ItemView]:
        """The order's products."""
        statement = select(order_items).where(order_items.c.order_id == order_id).order_by(order_items.c.item_no)
        return [
            ItemView(
                item_no=row.item_no,
                offer_id=row.offer_id,
                product_id=row.product_id,
                brand_name=row.brand_name,
                product_name=row.product_name,
                validity_days=row.validity_days,
                face_price_krw=row.face_price_krw,
                sale_price_krw=row.sale_price_krw,
                image_path=row.image_path,
            )
            for row in self._session.execute(statement)
        ]

    def page(
        self, viewer: Viewer, before: UUID | None, limit: int, narrowed: OrderFilter = EVERYTHING
    ) -> Sequence[OrderView]:
        """Orders that the filter lets through, placed before the one named, newest first."""
        statement = orders_with_members().where(visible_to(viewer), *conditions_of(narrowed))
        statement = statement.order_by(orders.c.id.desc()).limit(limit)
        if before is not None:
            statement = statement.where(orders.c.id < before)
        return [order_view(row) for row in self._session.execute(statement)]

    def lines(self, order_id: UUID, after_line_no: int, limit: int) -> Sequence[LineView]:
        """Recipients after the one named, in order, each with its coupons."""
        statement = (
            select(order_lines)
            .where(order_lines.c.order_id == order_id, order_lines.c.line_no > after_line_no)
            .order_by(order_lines.c.line_no)
            .limit(limit)
        )
        return self._lines(order_id, statement)

    def line(self, order_id: UUID, line_id: UUID) -> LineView:
        """One recipient that is known to be the order's."""
        (line,) = self._lines(order_id, select(order_lines).where(order_lines.c.id == line_id))
        return line

    def _lines(self, order_id: UUID, statement: Select[Any]) -> Sequence[LineView]:
        found = self._session.execute(statement).all()
        coupons_of = self._coupons_of(order_id, [row.id for row in found])
        return [
            LineView(
                line_id=row.id,
                line_no=row.line_no,
                phone=row.phone,
                name=row.name,
                company=row.company,
                title=row.title,
                dispatch=DispatchState(row.dispatch),
                channel=row.channel,
                dispatch_ended_at=row.dispatch_ended_at,
                coupons=tuple(coupons_of[row.id]),
                resends=row.resends,
                is_being_resent=row.resend_wave is not None,
            )
            for row in found
        ]

    def numbers(self, order_id: UUID, line_id: UUID) -> Sequence[CouponNumber] | None:
        """The numbers of a recipient's coupons, in order; None when the order has no such recipient."""
        line = select(order_lines.c.id).where(order_lines.c.id == line_id, order_lines.c.order_id == order_id)
        if self._session.execute(line).first() is None:
            return None
        of_item = (order_items.c.order_id == order_id) & (order_items.c.item_no == coupons.c.item_no)
        shown = (CouponState.ISSUED.value, CouponState.USED.value, CouponState.EXPIRED.value)
        statement = (
            select(coupons.c.item_no, order_items.c.product_name, coupons.c.number)
            .join(order_items, of_item)
            .where(coupons.c.line_id == line_id, coupons.c.state.in_(shown))
            .order_by(coupons.c.item_no)
        )
        return [CouponNumber(*row) for row in self._session.execute(statement)]

    def flagged(self, after: tuple[datetime, str] | None, limit: int) -> Sequence[FlaggedCoupon]:
        """Coupons left to operators, oldest first, after the time and key of the last one seen."""
        place = tuple_(issue_attempts.c.called_at, issue_attempts.c.tr_id)
        statement = (
            select(
                issue_attempts.c.tr_id,
                order_lines.c.order_id,
                orders.c.order_number,
                order_lines.c.line_no,
                issue_attempts.c.item_no,
                issue_attempts.c.code,
                issue_attempts.c.called_at,
            )
            .join(order_lines, order_lines.c.id == issue_attempts.c.line_id)
            .join(orders, orders.c.id == order_lines.c.order_id)
            .where(issue_attempts.c.state == AttemptState.FLAGGED.value)
            .order_by(issue_attempts.c.called_at, issue_attempts.c.tr_id)
            .limit(limit)
        )
        if after is not None:
            statement = statement.where(place > tuple_(*after))
        return [FlaggedCoupon(*row) for row in self._session.execute(statement)]

    def _coupons_of(self, order_id: UUID, line_ids: Sequence[UUID]) -> dict[UUID, list[CouponView]]:
        of_item = (order_items.c.order_id == order_id) & (order_items.c.item_no == coupons.c.item_no)
        statement = (
            select(coupons, order_items.c.product_name)
            .join(order_items, of_item)
            .where(coupons.c.line_id.in_(line_ids))
            .order_by(coupons.c.line_id, coupons.c.item_no)
        )
        found: dict[UUID, list[CouponView]] = defaultdict(list)
        for row in self._session.execute(statement):
            found[row.line_id].append(
                CouponView(
                    item_no=row.item_no,
                    product_name=row.product_name,
                    state=CouponState(row.state),
                    number_masked=None if row.number is None else masked(row.number),
                    expires_at=row.expires_at,
                    failure_code=row.failure_code,
                )
            )
        return found


def orders_with_members() -> Select[Any]:
    """Orders with who ordered them."""
    who = (members.c.name.label("member_name"), members.c.email.label("member_email"))
    return select(orders, *who).outerjoin(members, members.c.id == orders.c.member_id)


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that lets a master see the company's orders, a sub-member its own (ORD-24)."""
    own = orders.c.company_id == viewer.company_id
    return own if viewer.is_master else own & (orders.c.member_id == viewer.member_id)


def order_view(row: Row[Any]) -> OrderView:
    """A row of `orders_with_members`."""
    shortfall = None
    if row.shortfall_reason is not None:
        shortfall = Shortfall(row.shortfall_reason, row.required_krw, row.available_krw)
    return OrderView(
        order_id=row.id,
        order_number=row.order_number,
        order_name=row.order_name,
        order_type=row.order_type,
        send_title=row.send_title,
        external_id=row.external_id,
        member_id=row.member_id,
        member_name=row.member_name,
        member_email=row.member_email,
        state=OrderState(row.state),
        version=row.version,
        products=row.products,
        list_amount_krw=row.list_amount_krw,
        pay_amount_krw=row.pay_amount_krw,
        confirmed_amount_krw=row.confirmed_amount_krw,
        tally=Tally(row.recipients, row.success, row.failed, row.error),
        shortfall=shortfall,
        placed_at=row.placed_at,
        send_at=row.send_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        default_item_no=row.default_item_no,
    )
