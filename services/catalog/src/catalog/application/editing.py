"""Operators create and edit single products and offers (CAT-06)."""

from dataclasses import asdict, dataclass, replace
from uuid import UUID

from catalog.application.announcing import announce_product, offer_published
from catalog.application.importing import OfferRow, ProductRow, put_product
from catalog.application.ports import UnitOfWork
from catalog.domain.errors import ProductCodeTaken, ValidityOfferedAlready
from catalog.domain.offer import Offer, TimedPrice
from catalog.domain.product import Product, Restrictions
from contracts.audit import Act


@dataclass(frozen=True)
class CreateProduct:
    """A new product with its offers."""

    operator_id: UUID
    row: ProductRow


def create_product(command: CreateProduct, uow: UnitOfWork) -> UUID:
    """Create the product; its id.

    Raises `ProductCodeTaken`, `UnknownCode`, `ValidityError`, `PriceError`, `OfferTaken`.
    """
    if uow.products.find_by_code(command.row.code) is not None:
        raise ProductCodeTaken(command.row.code)
    product_id, _ = put_product(command.row, uow)
    after = _shown(uow.products.get_for_update(product_id))
    uow.outbox.add_act(command.operator_id, Act("product.created", "product", str(product_id), after=after))
    return product_id


@dataclass(frozen=True)
class EditProduct:
    """What a product is from now on; its code stays."""

    operator_id: UUID
    product_id: UUID
    brand_code: str
    category_code: str
    name: str
    notice: str
    face_price_krw: int
    restrictions: Restrictions


def edit_product(command: EditProduct, uow: UnitOfWork) -> Product:
    """Change the product and say its offers anew; the same again says nothing.

    Raises `ProductNotFound`, `UnknownCode`, `PriceError`.
    """
    before = uow.products.get_for_update(command.product_id)
    after = replace(
        before,
        brand=uow.brands.get(command.brand_code),
        category=uow.categories.get(command.category_code),
        name=command.name,
        notice=command.notice,
        face_price_krw=command.face_price_krw,
        restrictions=command.restrictions,
    )
    if after != before:
        uow.products.save(after)
        announce_product(after, uow)
        act = Act("product.edited", "product", str(after.id), _shown(before), _shown(after))
        uow.outbox.add_act(command.operator_id, act)
    return after


@dataclass(frozen=True)
class AddOffer:
    """One more validity of a product."""

    operator_id: UUID
    product_id: UUID
    row: OfferRow


def add_offer(command: AddOffer, uow: UnitOfWork) -> Offer:
    """Offer the product with this validity, at once.

    Raises `ProductNotFound`, `ValidityOfferedAlready`, `ValidityError`, `PriceError`, `OfferTaken`.
    """
    product, row = uow.products.get_for_update(command.product_id), command.row
    if any(offer.validity_days == row.validity_days for offer in uow.offers.of_product(product.id)):
        raise ValidityOfferedAlready(row.validity_days)
    price = TimedPrice(uow.now(), row.sale_price_krw)
    offer = Offer(uow.new_id(), product.id, row.validity_days, row.supplier, row.supplier_goods_code, (price,))
    uow.offers.save(offer)
    uow.outbox.add(offer_published(product, offer))
    uow.outbox.add_act(command.operator_id, Act("offer.added", "offer", str(offer.id), after=asdict(row)))
    return offer


@dataclass(frozen=True)
class SupplyOffer:
    """Where an offer is bought from now on."""

    operator_id: UUID
    offer_id: UUID
    supplier: str
    supplier_goods_code: str


def supply_offer(command: SupplyOffer, uow: UnitOfWork) -> Offer:
    """Change the supplier's goods of the offer; the same again says nothing. Raises `OfferNotFound`, `OfferTaken`."""
    before = uow.offers.get_for_update(command.offer_id)
    goods = {"supplier": command.supplier, "supplier_goods_code": command.supplier_goods_code}
    was: dict[str, object] = {"supplier": before.supplier, "supplier_goods_code": before.supplier_goods_code}
    if was == goods:
        return before
    after = replace(before.changed(), supplier=command.supplier, supplier_goods_code=command.supplier_goods_code)
    product = uow.products.get_for_update(before.product_id)
    uow.offers.save(after)
    uow.outbox.add(offer_published(product, after))
    uow.outbox.add_act(command.operator_id, Act("offer.supplied", "offer", str(after.id), was, dict(goods)))
    return after


def _shown(product: Product) -> dict[str, object]:
    return {
        "brand_code": product.brand.code,
        "category_code": product.category.code,
        "name": product.name,
        "notice": product.notice,
        "face_price_krw": product.face_price_krw,
        **asdict(product.restrictions),
    }
