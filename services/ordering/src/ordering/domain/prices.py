"""Offers at the moment of placing, and what an order of them costs (ORD-01, ORD-15, ORD-37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ordering.domain.errors import (
    OfferNotOnSaleError,
    OfferRepeatedError,
    PriceChangedError,
    ProductsCountError,
)


@dataclass(frozen=True)
class TimedPrice:
    """A sale price in KRW and the moment from which it holds."""

    sale_price_krw: int
    effective_at: datetime


@dataclass(frozen=True)
class Offer:
    """This service's copy of an offer; its prices switch by the clock."""

    offer_id: UUID
    product_id: UUID
    brand_name: str
    product_name: str
    notice: str
    image_path: str
    validity_days: int
    face_price_krw: int
    prices: tuple[TimedPrice, ...]
    on_sale: bool
    cash_like: bool
    night_restricted: bool
    single_recipient: bool
    supplier: str
    supplier_goods_code: str

    def sale_price_krw_at(self, at: datetime) -> int:
        """The price that holds at a moment. Raises `OfferNotOnSaleError` before the first."""
        begun = [price for price in self.prices if price.effective_at <= at]
        if not begun:
            raise OfferNotOnSaleError(self.offer_id)
        return max(begun, key=lambda price: price.effective_at).sale_price_krw


@dataclass(frozen=True)
class Item:
    """One product of an order, frozen at placing."""

    item_no: int
    offer: Offer
    sale_price_krw: int


@dataclass(frozen=True)
class Figures:
    """What the orderer sees and pays, in KRW."""

    list_amount_krw: int
    pay_amount_krw: int
    cash_like_krw: int

    @property
    def discount_amount_krw(self) -> int:
        """What the orderer saves against the face prices."""
        return self.list_amount_krw - self.pay_amount_krw


def items_of(
    offer_ids: Sequence[UUID], offers: Sequence[Offer], at: datetime, products_max: int, products_min: int = 1
) -> tuple[Item, ...]:
    """The products of an order at their prices of this moment, in the order given.

    Raises `ProductsCountError`, `OfferRepeatedError`, `OfferNotOnSaleError`.
    """
    if not products_min <= len(offer_ids) <= products_max:
        raise ProductsCountError(len(offer_ids), products_min, products_max)
    known = {offer.offer_id: offer for offer in offers}
    items: list[Item] = []
    for item_no, offer_id in enumerate(offer_ids, start=1):
        if offer_id in offer_ids[: item_no - 1]:
            raise OfferRepeatedError(offer_id)
        offer = known.get(offer_id)
        if offer is None or not offer.on_sale:
            raise OfferNotOnSaleError(offer_id)
        items.append(Item(item_no, offer, offer.sale_price_krw_at(at)))
    return tuple(items)


def fixed_figures(items: Sequence[Item], recipients: int) -> Figures:
    """Every recipient gets every product once: sum of prices × recipients."""
    return Figures(
        list_amount_krw=recipients * sum(item.offer.face_price_krw for item in items),
        pay_amount_krw=recipients * sum(item.sale_price_krw for item in items),
        cash_like_krw=recipients * sum(item.sale_price_krw for item in items if item.offer.cash_like),
    )


def choice_figures(items: Sequence[Item], recipients: int) -> Figures:
    """Each recipient gets one product: prices of the dearest one, first of equals, × recipients (ORD-02, ORD-35)."""
    dearest = max(items, key=lambda item: item.sale_price_krw)
    return Figures(
        list_amount_krw=recipients * dearest.offer.face_price_krw,
        pay_amount_krw=recipients * dearest.sale_price_krw,
        cash_like_krw=recipients * max((item.sale_price_krw for item in items if item.offer.cash_like), default=0),
    )


def confirm_price(figures: Figures, seen_krw: int) -> None:
    """Refuse an amount that is not the one seen. Raises `PriceChangedError` with the new figures (ORD-15)."""
    if figures.pay_amount_krw != seen_krw:
        raise PriceChangedError(seen_krw, figures.list_amount_krw, figures.pay_amount_krw)
