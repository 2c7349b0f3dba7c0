"""What wallet says: its one answer to a placed order."""

from contracts.wallet import FundsRefused, FundsReserved, ReservationReleased
from ordering.application.funds import accept_order, reject_order, reject_released_order
from ordering.application.ports import UnitOfWork
from ordering.domain.order import Shortfall


def funds_reserved(event: FundsReserved, uow: UnitOfWork) -> None:
    """Start sending."""
    accept_order(event.order_id, uow)


def funds_refused(event: FundsRefused, uow: UnitOfWork) -> None:
    """Reject the order, naming the figure."""
    shortfall = Shortfall(event.reason.value, event.required_krw, event.available_krw)
    reject_order(event.order_id, shortfall, uow)


def reservation_released(event: ReservationReleased, uow: UnitOfWork) -> None:
    """Reject the order that was not waited for."""
    reject_released_order(event.order_id, uow)
