"""Choice orders of which nothing can be had any more (ORD-27)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ordering.application.ports import StoppedChoices
from ordering.domain.coupon import CouponState
from ordering.domain.order import OrderState
from ordering.storage.copies import offers
from ordering.storage.tables import coupons, order_items, order_lines, orders

_TOLD = (OrderState.SENDING.value, OrderState.SENT.value)
"""States in which recipients have been asked to choose."""


def find_stopped(session: Session, offer_id: UUID) -> Sequence[StoppedChoices]:
    """Orders with the offer and open choices whose every offer is discontinued, with what is held for the choices."""
    with_offer = select(order_items.c.order_id).where(order_items.c.offer_id == offer_id)
    item = order_items.alias("item")
    left = (
        select(item.c.item_no)
        .join(offers, offers.c.id == item.c.offer_id)
        .where(item.c.order_id == orders.c.id, offers.c.on_sale)
    )
    of_order = (orders.c.id, orders.c.company_id, orders.c.member_id, orders.c.order_number, orders.c.order_name)
    # The amount is the dearest price for each recipient, so that it divides.
    held = func.count() * (orders.c.pay_amount_krw // orders.c.recipients)
    statement = (
        select(*of_order, func.count(), held)
        .select_from(orders)
        .join(order_lines, order_lines.c.order_id == orders.c.id)
        .join(coupons, coupons.c.line_id == order_lines.c.id)
        .where(
            orders.c.id.in_(with_offer),
            orders.c.state.in_(_TOLD),
            coupons.c.state == CouponState.AWAITING_CHOICE.value,
            ~left.exists(),
        )
        .group_by(orders.c.id)
        .order_by(orders.c.id)
    )
    return [StoppedChoices(*row) for row in session.execute(statement)]
