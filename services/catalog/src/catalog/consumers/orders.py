"""What becomes of orders, as ordering says it."""

from catalog.application.carts import RemoveFromCart, remove_from_cart
from catalog.application.ports import UnitOfWork
from contracts.ordering import OrderAccepted


def order_accepted(event: OrderAccepted, uow: UnitOfWork) -> None:
    """The lines that the order was placed from leave its orderer's cart (CAT-07)."""
    if event.cart_line_ids:
        remove_from_cart(RemoveFromCart(event.member_id, event.cart_line_ids), uow)
