"""Members keep products in their cart; what an accepted order was placed from leaves it (CAT-07, CAT-09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog.application.ports import UnitOfWork
from catalog.application.views import CartLineView, OfferView, ProductView
from catalog.domain.cart import Cart, CartLine, Choice
from catalog.domain.errors import OfferNotFound, ProductDiscontinued, ValidityNotSold


@dataclass(frozen=True)
class AddToCart:
    """Put offers in a member's cart, several at once."""

    member_id: UUID
    offer_ids: Sequence[UUID]


def add_to_cart(command: AddToCart, uow: UnitOfWork) -> Cart:
    """Add all or none; a product that is in the cart takes the validity and the price of this time.

    Raises `OfferNotFound`, `ProductDiscontinued`, `CartFull`.
    """
    cart = uow.carts.get_for_update(command.member_id)
    product_of = {
        offer.offer_id: (product, offer)
        for product in uow.views.products_of_offers(command.offer_ids)
        for offer in product.offers
    }
    added = []
    for offer_id in command.offer_ids:
        if offer_id not in product_of:
            raise OfferNotFound(offer_id)
        product, offer = product_of[offer_id]
        added.append(CartLine(uow.new_id(), _choice(product, offer), uow.now()))
    return _saved(cart.with_added(added, uow.rules.cart_lines_max), uow)


@dataclass(frozen=True)
class ChangeValidity:
    """Take another validity of a line's product."""

    member_id: UUID
    line_id: UUID
    validity_days: int


def change_validity(command: ChangeValidity, uow: UnitOfWork) -> Cart:
    """Choose the validity at its present price.

    Raises `CartLineNotFound`, `ValidityNotSold`, `ProductDiscontinued`.
    """
    cart = uow.carts.get_for_update(command.member_id)
    product = uow.views.product(cart.line(command.line_id).choice.product_id)
    for offer in product.offers:
        if offer.validity_days == command.validity_days:
            return _saved(cart.with_choice(command.line_id, _choice(product, offer)), uow)
    raise ValidityNotSold(command.validity_days, tuple(offer.validity_days for offer in product.offers))


@dataclass(frozen=True)
class RemoveFromCart:
    """Take lines out of a member's cart."""

    member_id: UUID
    line_ids: Sequence[UUID]


def remove_from_cart(command: RemoveFromCart, uow: UnitOfWork) -> Cart:
    """Remove the lines; those that are not there are gone already."""
    cart = uow.carts.get_for_update(command.member_id)
    return _saved(cart.without(frozenset(command.line_ids)), uow)


def cart_of(member_id: UUID, uow: UnitOfWork) -> Sequence[CartLineView]:
    """The member's cart with present prices and what changed since each line came."""
    cart = uow.carts.get(member_id)
    products = uow.views.products_of_offers([line.choice.offer_id for line in cart.lines])
    product_of = {product.product_id: product for product in products}
    return [CartLineView(line, product_of[line.choice.product_id]) for line in cart.lines]


def _choice(product: ProductView, offer: OfferView) -> Choice:
    if product.discontinued:
        raise ProductDiscontinued(product.product_id, product.name)
    return Choice(product.product_id, offer.offer_id, offer.sale_price_krw)


def _saved(cart: Cart, uow: UnitOfWork) -> Cart:
    uow.carts.save(cart)
    return cart
