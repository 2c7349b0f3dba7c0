"""Coupon numbers in full: for the orderer alone, on a request that is kept (ORD-25)."""

from collections.abc import Sequence
from uuid import UUID

from ordering.application.ports import UnitOfWork
from ordering.application.queries import CouponNumber, OrderView, OrderViews
from ordering.domain.errors import LineUnknownError, OrdererOnlyError

REVEALED = "numbers_shown"
"""What looking at numbers is called in the log of members' acts."""


def reveal_numbers(
    order: OrderView, line_id: UUID, member_id: UUID, uow: UnitOfWork, views: OrderViews
) -> Sequence[CouponNumber]:
    """The numbers of a recipient's issued coupons. Raises `OrdererOnlyError`, `LineUnknownError`."""
    if order.member_id != member_id:
        raise OrdererOnlyError
    numbers = views.numbers(order.order_id, line_id)
    if numbers is None:
        raise LineUnknownError
    uow.acts.note(member_id, REVEALED, order.order_id, uow.now(), line_id)
    return numbers
