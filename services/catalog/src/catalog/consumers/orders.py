"""What becomes of orders, as ordering says it."""

from catalog.application.carts import RemoveFromCart, remove_from_cart
from catalog.application.popularity import CountIssued, count_issued
from catalog.application.ports import UnitOfWork
from catalog.domain.popularity import IssueFact
from contracts.ordering.coupons import CouponsIssued
from contracts.ordering.orders import OrderAccepted


def order_accepted(event: OrderAccepted, uow: UnitOfWork) -> None:
    """The lines that the order was placed from leave its orderer's cart (CAT-07)."""
    if event.cart_line_ids:
        remove_from_cart(RemoveFromCart(event.member_id, event.cart_line_ids), uow)


def coupons_issued(event: CouponsIssued, uow: UnitOfWork) -> None:
    """What was issued counts for the popularity of its products (CAT-03)."""
    fact = IssueFact(event.order_id, event.chunk_no, event.wave)
    coupons_of_offers = [(tally.offer_id, tally.coupons) for tally in event.offers]
    count_issued(CountIssued(fact, coupons_of_offers, event.issued_at), uow)
