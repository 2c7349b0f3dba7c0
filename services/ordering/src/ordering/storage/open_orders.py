"""What is open of a member's or a company's orders, found by indexes of open rows only."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from ordering.application.ports import OpenOrders
from ordering.domain.coupon import CouponState
from ordering.domain.order import OrderState
from ordering.storage.tables import coupons, order_lines, orders

_GOING_ON = (OrderState.PENDING, OrderState.SENDING)


def count_open(session: Session, company_id: UUID, member_id: UUID | None) -> OpenOrders:
    """The counts; an order whose money is still asked for counts as sending."""
    of_whom = orders.c.company_id == company_id
    if member_id is not None:
        of_whom &= orders.c.member_id == member_id
    return OpenOrders(
        scheduled=_in_states(session, of_whom, (OrderState.SCHEDULED,)),
        sending=_in_states(session, of_whom, _GOING_ON),
        awaiting_choice=_awaiting_choice(session, of_whom),
    )


def _in_states(session: Session, of_whom: ColumnElement[bool], states: tuple[OrderState, ...]) -> int:
    statement = select(func.count()).select_from(orders)
    in_states = orders.c.state.in_([state.value for state in states])
    return session.scalar(statement.where(of_whom, in_states)) or 0


def _awaiting_choice(session: Session, of_whom: ColumnElement[bool]) -> int:
    """Sent orders of whose recipients one may still choose; those being sent are counted as such."""
    statement = (
        select(func.count(orders.c.id.distinct()))
        .select_from(orders)
        .join(order_lines, order_lines.c.order_id == orders.c.id)
        .join(coupons, coupons.c.line_id == order_lines.c.id)
        .where(
            of_whom,
            orders.c.state == OrderState.SENT.value,
            coupons.c.state == CouponState.AWAITING_CHOICE.value,
        )
    )
    return session.scalar(statement) or 0
