"""What ordering says of orders: what members ordered, and what of it went back."""

from collections.abc import Callable, Mapping

from contracts.ordering import CouponsFailed, OrderPlaced, OrderRejected
from identity.application.order_figures import count_failed, count_placed, count_rejected

ORDER_HANDLERS: Mapping[type, Callable[..., None]] = {
    OrderPlaced: count_placed,
    OrderRejected: count_rejected,
    CouponsFailed: count_failed,
}
