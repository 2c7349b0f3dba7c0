"""A member's cart (CAT-07, CAT-09)."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from catalog.api.products import OfferOut, ProductOut, offer_out, product_out
from catalog.application.carts import (
    AddToCart,
    ChangeValidity,
    RemoveFromCart,
    add_to_cart,
    cart_of,
    change_validity,
    remove_from_cart,
)
from catalog.application.ports import Transaction, UnitOfWork
from catalog.application.views import CartLineView
from catalog.domain.cart import CartNotice
from chassis.access import caller, members
from chassis.bodies import RequestBody
from chassis.idempotency import idempotency_key, keyed

ADD = "add_to_cart"
NAMED_MAX = 1_000
"""So many offers or lines a request may name; what a cart holds is the cart's own matter."""


class AddedIn(RequestBody):
    """Offers to put in the cart: the products ticked in a list."""

    offer_ids: list[UUID] = Field(min_length=1, max_length=NAMED_MAX)


class ValidityIn(RequestBody):
    """The validity to choose."""

    validity_days: int


class LinePath(BaseModel):
    """A line of the caller's cart."""

    line_id: UUID


class LinesQuery(BaseModel):
    """Lines of the caller's cart."""

    line_id: list[UUID] = Field(min_length=1, max_length=NAMED_MAX, description="repeated for several lines")


class CartLineOut(BaseModel):
    """A product in the cart: the offer chosen at its present price, and what changed since it was added.

    `product.offers` are the validities that can be chosen instead.
    """

    line_id: UUID
    product: ProductOut
    offer: OfferOut
    added_sale_price_krw: int
    notices: list[CartNotice]


class CartOut(BaseModel):
    """The caller's cart, whole: it holds at most `lines_max` products."""

    items: list[CartLineOut]
    next_cursor: None = None
    lines_max: int


def carts_blueprint(transaction: Transaction, *, lines_max: int) -> APIBlueprint:
    """The caller's own cart: no address names whose."""
    blueprint = APIBlueprint("carts", __name__)

    def changed(change: Callable[[UUID, UnitOfWork], object]) -> dict[str, object]:
        member_id = caller().subject_id
        with transaction() as uow:
            change(member_id, uow)
            return _shown(member_id, uow, lines_max)

    @blueprint.get("/v1/cart", responses={200: CartOut})
    @members
    def cart() -> dict[str, object]:
        """The cart with present prices; lines that were discontinued or repriced say so."""
        with transaction() as uow:
            return _shown(caller().subject_id, uow, lines_max)

    @blueprint.post("/v1/cart/lines", responses={201: CartOut})
    @members
    @keyed
    def add(body: AddedIn) -> tuple[dict[str, object], HTTPStatus]:
        """Put products in the cart, all or none; one that is there takes the validity given now."""

        def once(member_id: UUID, uow: UnitOfWork) -> None:
            uow.once(
                scope=str(member_id),
                key=idempotency_key(),
                operation=ADD,
                body=body.model_dump(mode="json"),
                create=lambda: add_to_cart(AddToCart(member_id, body.offer_ids), uow).member_id,
            )

        return changed(once), HTTPStatus.CREATED

    @blueprint.put("/v1/cart/lines/<uuid:line_id>/validity", responses={200: CartOut})
    @members
    def choose(path: LinePath, body: ValidityIn) -> dict[str, object]:
        """Take another validity of the line's product, at its present price."""
        return changed(
            lambda member_id, uow: change_validity(ChangeValidity(member_id, path.line_id, body.validity_days), uow)
        )

    @blueprint.delete("/v1/cart/lines", responses={200: CartOut})
    @members
    def remove(query: LinesQuery) -> dict[str, object]:
        """Take lines out of the cart; those that are not there are gone already."""
        return changed(lambda member_id, uow: remove_from_cart(RemoveFromCart(member_id, query.line_id), uow))

    return blueprint


def _shown(member_id: UUID, uow: UnitOfWork, lines_max: int) -> dict[str, object]:
    items = [_line_out(line) for line in cart_of(member_id, uow)]
    return CartOut(items=items, lines_max=lines_max).model_dump(mode="json")


def _line_out(line: CartLineView) -> CartLineOut:
    return CartLineOut(
        line_id=line.line.id,
        product=product_out(line.product),
        offer=offer_out(line.offer),
        added_sale_price_krw=line.line.choice.sale_price_krw,
        notices=list(line.notices),
    )
