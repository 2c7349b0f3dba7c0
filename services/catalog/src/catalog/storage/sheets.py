"""Reading all products with their offers for a workbook, in bounded batches."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.domain.offer import Offer
from catalog.domain.product import Product
from catalog.storage.offers import PostgresOffers
from catalog.storage.products import PostgresProducts
from catalog.storage.tables import products


class PostgresSheets:
    """`Sheets` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def batches(self, batch_rows: int) -> Iterator[Sequence[tuple[Product, Sequence[Offer]]]]:
        """Every product with its offers, in the order in which they came."""
        last: UUID | None = None
        while True:
            statement = select(products.c.id).order_by(products.c.id).limit(batch_rows)
            if last is not None:
                statement = statement.where(products.c.id > last)
            ids = self._session.scalars(statement).all()
            if not ids:
                return
            last = ids[-1]
            offers_of: dict[UUID, list[Offer]] = {}
            for offer in PostgresOffers(self._session).of_products(ids):
                offers_of.setdefault(offer.product_id, []).append(offer)
            found = PostgresProducts(self._session).of_ids(ids)
            yield [(product, offers_of.get(product.id, [])) for product in found]
