"""What ordering says of orders, and wallet of limits: what members ordered, what of it went back, what is left."""

from collections.abc import Callable, Mapping

from contracts.ordering.coupons import CouponsFailed, CouponsIssued, CouponsRevoked
from contracts.ordering.orders import OrderCancelled, OrderPlaced, OrderRejected
from contracts.wallet import LimitSet
from identity.application.order_figures import (
    count_cancelled,
    count_failed,
    count_issued,
    count_placed,
    count_rejected,
    count_revoked,
    keep_limit,
)

ORDER_HANDLERS: Mapping[type, Callable[..., None]] = {
    OrderPlaced: count_placed,
    OrderRejected: count_rejected,
    OrderCancelled: count_cancelled,
    CouponsIssued: count_issued,
    CouponsFailed: count_failed,
    CouponsRevoked: count_revoked,
}
LIMIT_HANDLERS: Mapping[type, Callable[..., None]] = {LimitSet: keep_limit}
