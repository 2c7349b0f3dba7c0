"""Operators picture, discontinue and resume products, and price offers (CAT-06)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.application.announcing import announce_product, offer_published
from catalog.application.ports import UnitOfWork
from catalog.domain.offer import Offer
from catalog.domain.product import Product
from contracts.audit import Act


@dataclass(frozen=True)
class SetPrice:
    """Give an offer a sale price, at once or from a set time."""

    operator_id: UUID
    offer_id: UUID
    sale_price_krw: int
    effective_at: datetime | None = None


def set_price(command: SetPrice, uow: UnitOfWork) -> Offer:
    """Price the offer and say so now: copies switch at the set time by themselves. Raises `OfferNotFound`."""
    now = uow.now()
    offer = uow.offers.get_for_update(command.offer_id)
    product = uow.products.get_for_update(offer.product_id)
    repriced = offer.repriced(command.sale_price_krw, command.effective_at or now, now)
    uow.offers.save(repriced)
    uow.outbox.add(offer_published(product, repriced))
    before, after = _priced(offer), _priced(repriced)
    uow.outbox.add_act(command.operator_id, Act("offer.priced", "offer", str(offer.id), before, after))
    return repriced


def _priced(offer: Offer) -> dict[str, object]:
    return {price.effective_at.isoformat(): price.sale_price_krw for price in offer.prices}


@dataclass(frozen=True)
class DiscontinueProduct:
    """Take a product off sale."""

    operator_id: UUID
    product_id: UUID


def discontinue_product(command: DiscontinueProduct, uow: UnitOfWork) -> Product:
    """Stop every offer of the product; one already stopped stays so. Raises `ProductNotFound`."""
    product = uow.products.get_for_update(command.product_id)
    return _change(uow, command.operator_id, "product.discontinued", product, product.discontinue())


@dataclass(frozen=True)
class ResumeProduct:
    """Put a discontinued product on sale again."""

    operator_id: UUID
    product_id: UUID


def resume_product(command: ResumeProduct, uow: UnitOfWork) -> Product:
    """Put every offer of the product on sale again; one on sale stays so. Raises `ProductNotFound`."""
    product = uow.products.get_for_update(command.product_id)
    return _change(uow, command.operator_id, "product.resumed", product, product.resume())


@dataclass(frozen=True)
class PictureProduct:
    """Give a product the picture stored at a path."""

    operator_id: UUID
    product_id: UUID
    image_path: str


def picture_product(command: PictureProduct, uow: UnitOfWork) -> Product:
    """Show the product with this picture from now on. Raises `ProductNotFound`."""
    product = uow.products.get_for_update(command.product_id)
    return _change(uow, command.operator_id, "product.pictured", product, product.pictured(command.image_path))


def _change(uow: UnitOfWork, operator_id: UUID, action: str, before: Product, after: Product) -> Product:
    if before == after:
        return after
    uow.products.save(after)
    announce_product(after, uow)
    act = Act(action, "product", str(after.id), _shown(before), _shown(after))
    uow.outbox.add_act(operator_id, act)
    return after


def _shown(product: Product) -> dict[str, object]:
    return {"discontinued": product.discontinued, "image_path": product.image_path}
