"""Offers and their prices in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.domain.errors import OfferNotFound, OfferTaken
from catalog.domain.offer import Offer, TimedPrice
from catalog.storage.tables import offers, prices


class PostgresOffers:
    """`Offers` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_for_update(self, offer_id: UUID) -> Offer:
        """The offer, locked. Raises `OfferNotFound`."""
        found = self._load(offers.c.id == offer_id)
        if not found:
            raise OfferNotFound(offer_id)
        return found[0]

    def of_product(self, product_id: UUID) -> Sequence[Offer]:
        """The product's offers by validity, locked."""
        return self._load(offers.c.product_id == product_id)

    def of_products(self, product_ids: Sequence[UUID]) -> Sequence[Offer]:
        """The offers of these products, by validity, not locked."""
        return self._load(offers.c.product_id.in_(product_ids), lock=False)

    def save(self, offer: Offer) -> None:
        """Insert or update. Raises `OfferTaken`."""
        changing = {
            "supplier": offer.supplier,
            "supplier_goods_code": offer.supplier_goods_code,
            "version": offer.version,
        }
        statement = insert(offers).values(
            id=offer.id, product_id=offer.product_id, validity_days=offer.validity_days, **changing
        )
        try:
            with self._session.begin_nested():
                self._session.execute(statement.on_conflict_do_update(index_elements=[offers.c.id], set_=changing))
        except IntegrityError:
            raise OfferTaken(offer.supplier, offer.supplier_goods_code) from None
        self._session.execute(delete(prices).where(prices.c.offer_id == offer.id))
        self._session.execute(
            insert(prices).values(
                [
                    {"offer_id": offer.id, "effective_at": each.effective_at, "sale_price_krw": each.sale_price_krw}
                    for each in offer.prices
                ]
            )
        )

    def _load(self, which: ColumnElement[bool], *, lock: bool = True) -> list[Offer]:
        statement = select(offers).where(which).order_by(offers.c.validity_days)
        found = self._session.execute(statement.with_for_update() if lock else statement).all()
        timed: dict[UUID, list[TimedPrice]] = {row.id: [] for row in found}
        for price in self._session.execute(select(prices).where(prices.c.offer_id.in_(timed))):
            timed[price.offer_id].append(TimedPrice(price.effective_at, price.sale_price_krw))
        return [
            Offer(
                id=row.id,
                product_id=row.product_id,
                validity_days=row.validity_days,
                supplier=row.supplier,
                supplier_goods_code=row.supplier_goods_code,
                prices=tuple(timed[row.id]),
                version=row.version,
            )
            for row in found
        ]
