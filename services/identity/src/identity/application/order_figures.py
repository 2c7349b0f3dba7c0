"""누적 주문 금액: kept from what ordering says, in whatever order it arrives (IDN-26)."""

from collections.abc import Callable
from uuid import UUID

from contracts.ordering import CouponsFailed, OrderPlaced, OrderRejected
from identity.application.ports import UnitOfWork
from identity.domain.order_figure import OrderFigure


def count_placed(event: OrderPlaced, uow: UnitOfWork) -> None:
    """The order's amount counts for its member."""
    _change(event.order_id, lambda figure: figure.placed(event.member_id, event.amount_krw), uow)


def count_rejected(event: OrderRejected, uow: UnitOfWork) -> None:
    """Nothing of the order counts."""
    _change(event.order_id, lambda figure: figure.rejected(), uow)


def count_failed(event: CouponsFailed, uow: UnitOfWork) -> None:
    """What went back no longer counts."""
    _change(event.order_id, lambda figure: figure.returned(event.amount_krw), uow)


def _change(order_id: UUID, change: Callable[[OrderFigure], OrderFigure], uow: UnitOfWork) -> None:
    before = uow.order_figures.get_for_update(order_id)
    after = change(before)
    uow.order_figures.save(after)
    if after.member_id is not None:
        uow.order_figures.add_to_member(after.member_id, after.counted_krw - before.counted_krw)
