"""Reading the catalogue: pages of products with their offers in two statements, whatever the page's size."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, case, func, literal, select, text, tuple_
from sqlalchemy.orm import Session

from catalog.application.announcing import offer_published
from catalog.application.ports import SortKey
from catalog.application.views import NamedView, OfferView, ProductQuery, ProductView
from catalog.domain.errors import ProductNotFound
from catalog.domain.search import SIMILARITY_MIN, asks_by_initials, compatibility_consonants, spelled, squeezed
from catalog.storage.offers import PostgresOffers
from catalog.storage.products import PostgresProducts, named_products
from catalog.storage.tables import brands, categories, offers, prices, products
from contracts.catalog import OfferPublished


class CatalogueViews:
    """What the catalogue shows at a moment; prices are those in force then."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session = session
        self._at = at

    def products(self, query: ProductQuery, *, after: SortKey | None, limit: int) -> Sequence[ProductView]:
        """Products on sale, the best fitting first, then by name; `after` is what the last page ended with."""
        key = (_rank(query.text), products.c.name, products.c.id)
        statement = _matching(named_products().add_columns(key[0].label("rank")), query).order_by(*key).limit(limit)
        if after is not None:
            statement = statement.where(tuple_(*key) > tuple_(*after))
        return self._with_offers(self._session.execute(statement).all())

    def similar(self, query: ProductQuery, *, limit: int) -> Sequence[ProductView]:
        """Products on sale that are spelled like what was looked for, the most similar first."""
        if asks_by_initials(query.text) or not squeezed(query.text):
            return []
        asked = literal(spelled(query.text))
        self._session.execute(text(f"SET LOCAL pg_trgm.word_similarity_threshold = {SIMILARITY_MIN}"))
        likeness = func.word_similarity(asked, products.c.search_spelling)
        statement = _narrowed(named_products().add_columns(literal(0).label("rank")), query)
        statement = statement.where(asked.op("<%", is_comparison=True)(products.c.search_spelling))
        statement = statement.order_by(likeness.desc(), products.c.name, products.c.id).limit(limit)
        return self._with_offers(self._session.execute(statement).all())

    def product(self, product_id: UUID) -> ProductView:
        """One product, also a discontinued one. Raises `ProductNotFound`."""
        rows = self._session.execute(named_products().where(products.c.id == product_id)).all()
        if not rows:
            raise ProductNotFound(product_id)
        return self._with_offers(rows)[0]

    def products_of_ids(self, product_ids: Sequence[UUID]) -> Sequence[ProductView]:
        """These products, also discontinued ones, in no order."""
        return self._with_offers(self._session.execute(named_products().where(products.c.id.in_(product_ids))).all())

    def products_of_offers(self, offer_ids: Sequence[UUID]) -> Sequence[ProductView]:
        """The products that have these offers, each once, also discontinued ones; unknown offers have none."""
        having = select(offers.c.product_id).where(offers.c.id.in_(offer_ids))
        return self._with_offers(self._session.execute(named_products().where(products.c.id.in_(having))).all())

    def brands(self) -> Sequence[NamedView]:
        """Brands that have products on sale, by name."""
        return self._named(brands, products.c.brand_id)

    def categories(self) -> Sequence[NamedView]:
        """Categories that have products on sale, by name."""
        return self._named(categories, products.c.category_id)

    def _named(self, table: Table, reference: Any) -> Sequence[NamedView]:
        statement = (
            select(table.c.code, table.c.name, func.count().label("products"))
            .join(products, reference == table.c.id)
            .where(products.c.discontinued.is_(False))
            .group_by(table.c.code, table.c.name)
            .order_by(table.c.name)
        )
        return [NamedView(row.code, row.name, row.products) for row in self._session.execute(statement)]

    def _with_offers(self, rows: Sequence[Row[Any]]) -> list[ProductView]:
        in_force = (
            select(prices.c.sale_price_krw)
            .where(prices.c.offer_id == offers.c.id)
            # Before its first price begins, an offer costs that first price.
            .order_by((prices.c.effective_at <= self._at).desc(), func.abs(_distance(self._at)))
            .limit(1)
            .scalar_subquery()
        )
        statement = (
            select(offers, in_force.label("sale_price_krw"))
            .where(offers.c.product_id.in_([row.id for row in rows]))
            .order_by(offers.c.validity_days)
        )
        of_product: dict[UUID, list[Row[Any]]] = {}
        for offer in self._session.execute(statement):
            of_product.setdefault(offer.product_id, []).append(offer)
        return [_view(row, of_product.get(row.id, [])) for row in rows]


def offers_to_republish(session: Session, batch_rows: int) -> Iterator[Sequence[OfferPublished]]:
    """The present state of every offer, in bounded batches by product."""
    last: UUID | None = None
    while True:
        statement = select(products.c.id).order_by(products.c.id).limit(batch_rows)
        if last is not None:
            statement = statement.where(products.c.id > last)
        ids = session.scalars(statement).all()
        if not ids:
            return
        last = ids[-1]
        product_of = {product.id: product for product in PostgresProducts(session).of_ids(ids)}
        offers_of_batch = PostgresOffers(session).of_products(ids)
        yield [offer_published(product_of[offer.product_id], offer) for offer in offers_of_batch]


def _distance(at: datetime) -> Any:
    return func.extract("epoch", prices.c.effective_at) - at.timestamp()


def _rank(asked: str) -> ColumnElement[int]:
    """What is named just so, then what ends with it, as names of kinds do, then what begins with it, then the rest."""
    by_initials = asks_by_initials(asked)
    searched = products.c.search_initials if by_initials else products.c.search_text
    wanted = compatibility_consonants(asked) if by_initials else squeezed(asked)
    if not wanted:
        return literal(0)
    return case(
        ((searched == wanted) | (func.lower(products.c.name) == asked.strip().lower()), 0),
        (searched.endswith(wanted, autoescape=True), 1),
        (searched.startswith(wanted, autoescape=True), 2),
        else_=3,
    )


def _narrowed(statement: Select[Any], query: ProductQuery) -> Select[Any]:
    if not query.also_discontinued:
        statement = statement.where(products.c.discontinued.is_(False))
    if query.brand_code is not None:
        statement = statement.where(brands.c.code == query.brand_code)
    if query.category_code is not None:
        statement = statement.where(categories.c.code == query.category_code)
    return statement


def _matching(statement: Select[Any], query: ProductQuery) -> Select[Any]:
    statement = _narrowed(statement, query)
    for word in query.text.split():
        if asks_by_initials(word):
            statement = statement.where(products.c.search_initials.contains(compatibility_consonants(word)))
        elif squeezed(word):
            statement = statement.where(products.c.search_text.contains(squeezed(word), autoescape=True))
    return statement


def _view(row: Row[Any], of_product: Sequence[Row[Any]]) -> ProductView:
    return ProductView(
        product_id=row.id,
        code=row.code,
        brand_code=row.brand_code,
        brand_name=row.brand_name,
        category_code=row.category_code,
        category_name=row.category_name,
        name=row.name,
        notice=row.notice,
        image_path=row.image_path,
        face_price_krw=row.face_price_krw,
        cash_like=row.cash_like,
        discontinued=row.discontinued,
        rank=getattr(row, "rank", 0),
        offers=[OfferView(each.id, each.validity_days, row.face_price_krw, each.sale_price_krw) for each in of_product],
    )
