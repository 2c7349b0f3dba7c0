"""Operators create and edit single brands, categories, products and offers (CAT-06)."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from catalog.api.admin import CODE, PRICE_KRW_MAX, ROLES, OfferIn, OfferPath, ProductIn, Strict, offer_row, product_row
from catalog.api.products import ProductOut, ProductPath, product_out
from catalog.application.editing import (
    AddOffer,
    CreateProduct,
    EditProduct,
    SupplyOffer,
    add_offer,
    create_product,
    edit_product,
    supply_offer,
)
from catalog.application.names import NameBrand, NameCategory, name_brand, name_category
from catalog.application.ports import Transaction
from catalog.application.views import ProductQuery
from catalog.domain.offer import Offer
from catalog.domain.product import Restrictions
from chassis.access import caller, operators
from chassis.idempotency import idempotency_key, keyed
from chassis.paging import PageQuery, page_of, read_cursor


class CodePath(BaseModel):
    """The code of a brand or a category."""

    code: str = Field(pattern=CODE)


class NameIn(Strict):
    """A name."""

    name: str = Field(min_length=1, max_length=60)


class NamedCodeOut(BaseModel):
    """A brand or a category."""

    code: str
    name: str


class EditedIn(Strict):
    """What a product is from now on; restrictions that are not given follow `cash_like` (CAT-01)."""

    brand_code: str
    category_code: str
    name: str = Field(min_length=1, max_length=100)
    notice: str = Field(default="", max_length=4_000)
    face_price_krw: int = Field(le=PRICE_KRW_MAX)
    cash_like: bool = False
    night_restricted: bool | None = None
    single_recipient: bool | None = None


class GoodsIn(Strict):
    """Where an offer is bought."""

    supplier: str = Field(min_length=1, max_length=40)
    supplier_goods_code: str = Field(min_length=1, max_length=40)


class EveryProductQuery(PageQuery):
    """What an operator looks for."""

    query: str = Field(default="", max_length=100)


class EveryProductPage(BaseModel):
    """A page of products by name, also discontinued ones."""

    items: list[ProductOut]
    next_cursor: str | None


class TimedPriceOut(BaseModel):
    """A price of an offer and from when it holds; one of them is in force."""

    effective_at: datetime
    sale_price_krw: int
    in_force: bool


class OfferDetailOut(BaseModel):
    """An offer with its supplier's goods and its prices, those to come included."""

    offer_id: UUID
    product_id: UUID
    validity_days: int
    supplier: str
    supplier_goods_code: str
    prices: list[TimedPriceOut]


def editing_blueprint(transaction: Transaction) -> APIBlueprint:
    """Single changes; whole catalogues are taken over by `/admin/catalogue` and by workbook."""
    blueprint = APIBlueprint("editing", __name__)

    @blueprint.put("/admin/brands/<string:code>", responses={200: NamedCodeOut})
    @operators(roles=ROLES)
    def brand(path: CodePath, body: NameIn) -> dict[str, object]:
        """Create a brand, or rename it with everything that carries its name."""
        with transaction() as uow:
            named = name_brand(NameBrand(caller().subject_id, path.code, body.name), uow)
        return {"code": named.code, "name": named.name}

    @blueprint.put("/admin/categories/<string:code>", responses={200: NamedCodeOut})
    @operators(roles=ROLES)
    def category(path: CodePath, body: NameIn) -> dict[str, object]:
        """Create a category, or rename it."""
        with transaction() as uow:
            named = name_category(NameCategory(caller().subject_id, path.code, body.name), uow)
        return {"code": named.code, "name": named.name}

    @blueprint.get("/admin/products", responses={200: EveryProductPage})
    @operators(roles=ROLES)
    def products(query: EveryProductQuery) -> dict[str, object]:
        """Products by name, also discontinued ones."""
        after = read_cursor(query.cursor, int, str, UUID)
        wanted = ProductQuery(text=query.query, also_discontinued=True)
        with transaction() as uow:
            rows = uow.views.products(
                wanted, after=(after[0], after[1], after[2]) if after else None, limit=query.limit + 1
            )
        items, next_cursor = page_of(rows, query.limit, key=lambda product: product.sort_key, show=product_out)
        return EveryProductPage(items=items, next_cursor=next_cursor).model_dump(mode="json")

    @blueprint.post("/admin/products", responses={201: ProductOut})
    @operators(roles=ROLES)
    @keyed
    def create(body: ProductIn) -> tuple[dict[str, object], HTTPStatus]:
        """Create a product with its offers; a code that is taken is refused."""
        operator_id = caller().subject_id
        with transaction() as uow:
            product_id = uow.once(
                scope=str(operator_id),
                key=idempotency_key(),
                operation="create_product",
                body=body.model_dump(mode="json", exclude_defaults=True),
                create=lambda: create_product(CreateProduct(operator_id, product_row(body)), uow),
            )
        return _product(product_id), HTTPStatus.CREATED

    @blueprint.put("/admin/products/<uuid:product_id>", responses={200: ProductOut})
    @operators(roles=ROLES)
    def edit(path: ProductPath, body: EditedIn) -> dict[str, object]:
        """Change what a product is; its code stays."""
        fields = body.model_dump(include={"brand_code", "category_code", "name", "notice", "face_price_krw"})
        restrictions = Restrictions.of(
            cash_like=body.cash_like,
            night_restricted=body.night_restricted,
            single_recipient=body.single_recipient,
        )
        command = EditProduct(
            operator_id=caller().subject_id, product_id=path.product_id, restrictions=restrictions, **fields
        )
        with transaction() as uow:
            edit_product(command, uow)
        return _product(path.product_id)

    @blueprint.post("/admin/products/<uuid:product_id>/offers", responses={201: OfferDetailOut})
    @operators(roles=ROLES)
    @keyed
    def add(path: ProductPath, body: OfferIn) -> tuple[dict[str, object], HTTPStatus]:
        """Offer a product with one more validity, at once."""
        operator_id = caller().subject_id
        with transaction() as uow:
            offer_id = uow.once(
                scope=str(operator_id),
                key=idempotency_key(),
                operation="add_offer",
                body={"product_id": str(path.product_id), **body.model_dump(mode="json")},
                create=lambda: add_offer(AddOffer(operator_id, path.product_id, offer_row(body)), uow).id,
            )
            return _offer_out(uow.offers.get_for_update(offer_id), uow.now()), HTTPStatus.CREATED

    @blueprint.get("/admin/offers/<uuid:offer_id>", responses={200: OfferDetailOut})
    @operators(roles=ROLES)
    def offer(path: OfferPath) -> dict[str, object]:
        """An offer with all its prices, those to come included."""
        with transaction() as uow:
            return _offer_out(uow.offers.get_for_update(path.offer_id), uow.now())

    @blueprint.put("/admin/offers/<uuid:offer_id>/goods", responses={200: OfferDetailOut})
    @operators(roles=ROLES)
    def supply(path: OfferPath, body: GoodsIn) -> dict[str, object]:
        """Buy an offer elsewhere, or as other goods."""
        command = SupplyOffer(caller().subject_id, path.offer_id, body.supplier, body.supplier_goods_code)
        with transaction() as uow:
            return _offer_out(supply_offer(command, uow), uow.now())

    def _product(product_id: UUID) -> dict[str, object]:
        with transaction() as uow:
            return product_out(uow.views.product(product_id)).model_dump(mode="json")

    return blueprint


def _offer_out(offer: Offer, now: datetime) -> dict[str, object]:
    begun = [price for price in offer.prices if price.effective_at <= now]
    in_force = begun[-1] if begun else offer.prices[0]
    return OfferDetailOut(
        offer_id=offer.id,
        product_id=offer.product_id,
        validity_days=offer.validity_days,
        supplier=offer.supplier,
        supplier_goods_code=offer.supplier_goods_code,
        prices=[
            TimedPriceOut(
                effective_at=price.effective_at, sale_price_krw=price.sale_price_krw, in_force=price == in_force
            )
            for price in offer.prices
        ],
    ).model_dump(mode="json")
