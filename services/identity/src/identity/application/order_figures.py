"""누적 주문 금액 and what a month's limit is used for, kept from what ordering says in whatever order (IDN-26)."""

from collections.abc import Callable
from uuid import UUID

from contracts.ordering.coupons import CouponsFailed, CouponsIssued, CouponsRevoked
from contracts.ordering.orders import OrderCancelled, OrderPlaced, OrderRejected
from contracts.wallet import LimitSet
from identity.application.ports import UnitOfWork
from identity.domain.order_figure import OrderFigure


def count_placed(event: OrderPlaced, uow: UnitOfWork) -> None:
    """The order's amount counts for its member."""
    _change(event.order_id, lambda figure: figure.placed(event.member_id, event.month, event.amount_krw), uow)


def count_rejected(event: OrderRejected, uow: UnitOfWork) -> None:
    """Nothing of the order counts."""
    _change(event.order_id, lambda figure: figure.rejected(), uow)


def count_failed(event: CouponsFailed, uow: UnitOfWork) -> None:
    """What went back no longer counts."""
    _change(event.order_id, lambda figure: figure.returned(event.amount_krw), uow)


def count_cancelled(event: OrderCancelled, uow: UnitOfWork) -> None:
    """All of the scheduled order went back."""
    _change(event.order_id, lambda figure: figure.returned(event.amount_krw), uow)


def count_issued(event: CouponsIssued, uow: UnitOfWork) -> None:
    """Of what was issued, only the difference of cheaper picks went back."""
    if event.difference_krw:
        _change(event.order_id, lambda figure: figure.returned(event.difference_krw), uow)


def count_revoked(event: CouponsRevoked, uow: UnitOfWork) -> None:
    """What was revoked no longer counts, if its money went back."""
    if event.repaid:
        _change(event.order_id, lambda figure: figure.returned(event.amount_krw), uow)


def keep_limit(event: LimitSet, uow: UnitOfWork) -> None:
    """The member's monthly limit as it is now; an older version changes nothing."""
    uow.order_figures.keep_limit(event.member_id, event.version, event.limit_krw)


def _change(order_id: UUID, change: Callable[[OrderFigure], OrderFigure], uow: UnitOfWork) -> None:
    before = uow.order_figures.get_for_update(order_id)
    after = change(before)
    uow.order_figures.save(after)
    change_krw = after.counted_krw - before.counted_krw
    if after.member_id is not None and after.month is not None and change_krw:
        uow.order_figures.add_to_member(after.member_id, after.month, change_krw)
