"""Products in PostgreSQL, with the columns that searching reads."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog.domain.errors import ProductNotFound
from catalog.domain.product import Brand, Category, Product, Restrictions
from catalog.domain.search import initials, spelled, squeezed
from catalog.storage.tables import brands, categories, products


class PostgresProducts:
    """`Products` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_for_update(self, product_id: UUID) -> Product:
        """The product, locked. Raises `ProductNotFound`."""
        row = self._session.execute(_locked().where(products.c.id == product_id)).one_or_none()
        if row is None:
            raise ProductNotFound(product_id)
        return _product(row)

    def find_by_code(self, code: str) -> Product | None:
        """The product of this code, locked."""
        row = self._session.execute(_locked().where(products.c.code == code)).one_or_none()
        return _product(row) if row is not None else None

    def of_brand(self, brand_id: UUID) -> Sequence[Product]:
        """The products of a brand, locked."""
        rows = self._session.execute(_locked().where(products.c.brand_id == brand_id).order_by(products.c.id))
        return [_product(row) for row in rows]

    def of_ids(self, product_ids: Sequence[UUID]) -> Sequence[Product]:
        """The products of these ids, by id, not locked."""
        rows = self._session.execute(named_products().where(products.c.id.in_(product_ids)).order_by(products.c.id))
        return [_product(row) for row in rows]

    def save(self, product: Product) -> None:
        """Insert or update."""
        searched = f"{product.brand.name} {product.name}"
        values = {
            "code": product.code,
            "brand_id": product.brand.id,
            "category_id": product.category.id,
            "name": product.name,
            "notice": product.notice,
            "face_price_krw": product.face_price_krw,
            "cash_like": product.restrictions.cash_like,
            "night_restricted": product.restrictions.night_restricted,
            "single_recipient": product.restrictions.single_recipient,
            "image_path": product.image_path,
            "discontinued": product.discontinued,
            "search_text": squeezed(searched),
            "search_initials": initials(searched),
            "search_spelling": spelled(searched),
        }
        statement = insert(products).values(id=product.id, **values)
        self._session.execute(statement.on_conflict_do_update(index_elements=[products.c.id], set_=values))


def _locked() -> Select[tuple[object, ...]]:
    return named_products().with_for_update(of=products)


def named_products() -> Select[Any]:
    """Products with codes and names of their brand and category."""
    return (
        select(
            products,
            brands.c.code.label("brand_code"),
            brands.c.name.label("brand_name"),
            categories.c.code.label("category_code"),
            categories.c.name.label("category_name"),
        )
        .join(brands, brands.c.id == products.c.brand_id)
        .join(categories, categories.c.id == products.c.category_id)
    )


def _product(row: Row[tuple[object, ...]]) -> Product:
    return Product(
        id=row.id,
        code=row.code,
        brand=Brand(row.brand_id, row.brand_code, row.brand_name),
        category=Category(row.category_id, row.category_code, row.category_name),
        name=row.name,
        notice=row.notice,
        face_price_krw=row.face_price_krw,
        restrictions=Restrictions(
            cash_like=row.cash_like, night_restricted=row.night_restricted, single_recipient=row.single_recipient
        ),
        image_path=row.image_path,
        discontinued=row.discontinued,
    )
