"""How the catalogue says the present state of its offers."""

from catalog.application.ports import UnitOfWork
from catalog.domain.offer import Offer
from catalog.domain.product import Product
from contracts.catalog import OfferAvailability, OfferPublished, TimedPrice


def offer_published(product: Product, offer: Offer) -> OfferPublished:
    """The whole present state of an offer, as every copy of it needs it."""
    return OfferPublished(
        offer_id=offer.id,
        version=offer.version,
        product_id=product.id,
        brand_name=product.brand.name,
        product_name=product.name,
        notice=product.notice,
        image_path=product.image_path,
        validity_days=offer.validity_days,
        face_price_krw=product.face_price_krw,
        prices=tuple(
            TimedPrice(sale_price_krw=price.sale_price_krw, effective_at=price.effective_at) for price in offer.prices
        ),
        availability=OfferAvailability.DISCONTINUED if product.discontinued else OfferAvailability.ON_SALE,
        cash_like=product.restrictions.cash_like,
        night_restricted=product.restrictions.night_restricted,
        single_recipient=product.restrictions.single_recipient,
        supplier=offer.supplier,
        supplier_goods_code=offer.supplier_goods_code,
    )


def announce_product(product: Product, uow: UnitOfWork) -> None:
    """Say every offer of a product anew, one version on, because the product changed."""
    for offer in uow.offers.of_product(product.id):
        changed = offer.changed()
        uow.offers.save(changed)
        uow.outbox.add(offer_published(product, changed))
