"""Members browse the catalogue (CAT-02, CAT-05)."""

from collections.abc import Sequence
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from catalog.api.images import image_urls
from catalog.application.ports import Transaction
from catalog.application.views import NamedView, OfferView, ProductQuery, ProductView
from chassis.access import members
from chassis.paging import PageQuery, page_of, read_cursor

NOTICE = "상품이미지 및 가격은 실제와 상이할 수 있습니다."
"""CAT-05, manual 1."""


class ProductsQuery(PageQuery):
    """What is looked for; all that is given must fit."""

    query: str = Field(default="", max_length=100, description="part of a brand or product name, or initial consonants")
    category: str | None = Field(default=None, max_length=40)
    brand: str | None = Field(default=None, max_length=40)


class ProductPath(BaseModel):
    """A product."""

    product_id: UUID


class OfferOut(BaseModel):
    """An offer with the sale price in force; a percent of 0 is not shown."""

    offer_id: UUID
    validity_days: int
    face_price_krw: int
    sale_price_krw: int
    discount_percent: int


class ProductOut(BaseModel):
    """A product; its prices in lists are those of the shortest validity, `image_urls` by width in pixels."""

    product_id: UUID
    code: str
    brand_code: str
    brand_name: str
    category_code: str
    category_name: str
    name: str
    notice: str
    image_url: str | None
    image_urls: dict[int, str]
    cash_like: bool
    discontinued: bool
    offers: list[OfferOut]


class ProductsPage(BaseModel):
    """A page of products; `are_similar` when none fits what was looked for and these are spelled alike."""

    items: list[ProductOut]
    next_cursor: str | None
    are_similar: bool = False
    notice: str = NOTICE


class NamedOut(BaseModel):
    """A brand or category with the number of its products on sale."""

    code: str
    name: str
    products: int


class NamedList(BaseModel):
    """All brands or categories that have products on sale."""

    items: list[NamedOut]
    next_cursor: None = None


def products_blueprint(transaction: Transaction) -> APIBlueprint:
    """Browsing."""
    blueprint = APIBlueprint("products", __name__)

    @blueprint.get("/v1/products", responses={200: ProductsPage})
    @members
    def products(query: ProductsQuery) -> dict[str, object]:
        """Products on sale, the best fitting first, then by name; when none fits, those that are spelled alike."""
        after = read_cursor(query.cursor, int, str, UUID)
        wanted = ProductQuery(text=query.query, category_code=query.category, brand_code=query.brand)
        with transaction() as uow:
            rows = uow.views.products(
                wanted, after=(after[0], after[1], after[2]) if after else None, limit=query.limit + 1
            )
            are_similar = not rows and after is None
            if are_similar:
                rows = uow.views.similar(wanted, limit=query.limit)
        items, next_cursor = page_of(rows, query.limit, key=lambda product: product.sort_key, show=product_out)
        page = ProductsPage(items=items, next_cursor=next_cursor, are_similar=are_similar and bool(items))
        return page.model_dump(mode="json")

    @blueprint.get("/v1/products/<uuid:product_id>", responses={200: ProductOut})
    @members
    def product(path: ProductPath) -> dict[str, object]:
        """One product, also a discontinued one."""
        with transaction() as uow:
            found = uow.views.product(path.product_id)
        return product_out(found).model_dump(mode="json")

    @blueprint.get("/v1/brands", responses={200: NamedList})
    @members
    def brands() -> dict[str, object]:
        """Brands that have products on sale."""
        with transaction() as uow:
            return _named(uow.views.brands())

    @blueprint.get("/v1/categories", responses={200: NamedList})
    @members
    def categories() -> dict[str, object]:
        """Categories that have products on sale."""
        with transaction() as uow:
            return _named(uow.views.categories())

    return blueprint


def product_out(product: ProductView) -> ProductOut:
    """A product as it goes out."""
    return ProductOut(
        product_id=product.product_id,
        code=product.code,
        brand_code=product.brand_code,
        brand_name=product.brand_name,
        category_code=product.category_code,
        category_name=product.category_name,
        name=product.name,
        notice=product.notice,
        image_url=f"/v1/images/{product.image_path}" if product.image_path else None,
        image_urls=image_urls(product.image_path),
        cash_like=product.cash_like,
        discontinued=product.discontinued,
        offers=[offer_out(offer) for offer in product.offers],
    )


def offer_out(offer: OfferView) -> OfferOut:
    """An offer as it goes out."""
    return OfferOut(
        offer_id=offer.offer_id,
        validity_days=offer.validity_days,
        face_price_krw=offer.face_price_krw,
        sale_price_krw=offer.sale_price_krw,
        discount_percent=offer.discount_percent,
    )


def _named(rows: Sequence[NamedView]) -> dict[str, object]:
    items = [NamedOut(code=row.code, name=row.name, products=row.products) for row in rows]
    return NamedList(items=items).model_dump(mode="json")
