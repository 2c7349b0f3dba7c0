"""Taking over a whole catalogue by codes: what is new is created, what differs is changed, the rest is left."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from catalog.application.announcing import offer_published
from catalog.application.names import put_brand
from catalog.application.ports import UnitOfWork
from catalog.domain.offer import Offer, TimedPrice
from catalog.domain.product import Product, Restrictions
from contracts.audit import Act


@dataclass(frozen=True)
class NamedCode:
    """A brand or a category of the import."""

    code: str
    name: str


@dataclass(frozen=True)
class OfferRow:
    """An offer of the import: at once at this sale price."""

    validity_days: int
    sale_price_krw: int
    supplier: str
    supplier_goods_code: str


@dataclass(frozen=True)
class ProductRow:
    """A product of the import with its offers."""

    code: str
    brand_code: str
    category_code: str
    name: str
    notice: str
    face_price_krw: int
    restrictions: Restrictions
    offers: Sequence[OfferRow]


@dataclass(frozen=True)
class ImportCatalogue:
    """A whole catalogue, or a part of it; what it does not name stays as it is."""

    operator_id: UUID
    brands: Sequence[NamedCode]
    categories: Sequence[NamedCode]
    products: Sequence[ProductRow]


@dataclass(frozen=True)
class Imported:
    """What an import did, and the ids of its products by their codes."""

    created: int
    changed: int
    unchanged: int
    product_ids: Mapping[str, UUID]


def import_catalogue(command: ImportCatalogue, uow: UnitOfWork) -> Imported:
    """Create and change by code, all or nothing; importing the same again changes nothing and says nothing.

    Raises `UnknownCode`, `ValidityError`, `PriceError`, `OfferTaken`.
    """
    for brand in command.brands:
        put_brand(brand.code, brand.name, uow)
    for category in command.categories:
        uow.categories.put(category.code, category.name)
    outcomes: Counter[str] = Counter()
    product_ids: dict[str, UUID] = {}
    for row in command.products:
        product_ids[row.code], outcome = put_product(row, uow)
        outcomes[outcome] += 1
    imported = Imported(outcomes["created"], outcomes["changed"], outcomes["unchanged"], product_ids)
    after = {"created": imported.created, "changed": imported.changed}
    uow.outbox.add_act(command.operator_id, Act("catalogue.imported", "catalogue", "all", after=after))
    return imported


def put_product(row: ProductRow, uow: UnitOfWork) -> tuple[UUID, str]:
    """Create or change one product by its code, and say what changed; its id and `created`, `changed` or `unchanged`.

    Raises `UnknownCode`, `ValidityError`, `PriceError`, `OfferTaken`.
    """
    known = uow.products.find_by_code(row.code)
    product = _product(row, known, uow)
    if product != known:
        uow.products.save(product)
    before = {offer.validity_days: offer for offer in (uow.offers.of_product(product.id) if known else ())}
    wanted = {offer.validity_days: _offer(offer, before.get(offer.validity_days), product, uow) for offer in row.offers}
    said = False
    for validity_days, offer in {**before, **wanted}.items():
        previous = before.get(validity_days)
        if offer == previous and product == known:
            continue
        current = offer if previous is None or offer.version > previous.version else offer.changed()
        uow.offers.save(current)
        uow.outbox.add(offer_published(product, current))
        said = True
    if known is None:
        return product.id, "created"
    return product.id, "changed" if said else "unchanged"


def _product(row: ProductRow, known: Product | None, uow: UnitOfWork) -> Product:
    return Product(
        id=known.id if known else uow.new_id(),
        code=row.code,
        brand=uow.brands.get(row.brand_code),
        category=uow.categories.get(row.category_code),
        name=row.name,
        notice=row.notice,
        face_price_krw=row.face_price_krw,
        restrictions=row.restrictions,
        image_path=known.image_path if known else "",
        discontinued=known.discontinued if known else False,
    )


def _offer(row: OfferRow, known: Offer | None, product: Product, uow: UnitOfWork) -> Offer:
    now = uow.now()
    if known is None:
        price = TimedPrice(now, row.sale_price_krw)
        return Offer(uow.new_id(), product.id, row.validity_days, row.supplier, row.supplier_goods_code, (price,))
    offer = known
    if (known.supplier, known.supplier_goods_code) != (row.supplier, row.supplier_goods_code):
        offer = replace(known.changed(), supplier=row.supplier, supplier_goods_code=row.supplier_goods_code)
    if offer.sale_price_krw(now) != row.sale_price_krw:
        offer = offer.repriced(row.sale_price_krw, now, now)
    return offer
