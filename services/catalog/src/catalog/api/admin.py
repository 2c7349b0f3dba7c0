"""Operators keep the catalogue (CAT-06)."""

from datetime import datetime
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from catalog.api.images import Pictures
from catalog.api.products import ProductOut, ProductPath, product_out
from catalog.application.importing import ImportCatalogue, NamedCode, OfferRow, ProductRow, import_catalogue
from catalog.application.ports import Transaction
from catalog.application.products import (
    DiscontinueProduct,
    PictureProduct,
    ResumeProduct,
    SetPrice,
    discontinue_product,
    picture_product,
    resume_product,
    set_price,
)
from catalog.domain.product import Restrictions
from chassis.access import caller, operators
from chassis.uploads import read_upload

ROLES = ("catalog", "admin")
PRICE_KRW_MAX = 10_000_000
CODE = r"^[A-Z][A-Z0-9_-]{0,39}$"
"""How operators name brands and categories: `MOONBEAN`, `CAFE`."""


class Strict(BaseModel):
    """A body in which nothing unknown stands."""

    model_config = ConfigDict(extra="forbid")


class NamedIn(Strict):
    """A brand or category by its code."""

    code: str = Field(pattern=CODE)
    name: str = Field(min_length=1, max_length=60)


class OfferIn(Strict):
    """An offer of a product, with the sale price that holds from now on."""

    validity_days: int
    sale_price_krw: int = Field(le=PRICE_KRW_MAX)
    supplier: str = Field(min_length=1, max_length=40)
    supplier_goods_code: str = Field(min_length=1, max_length=40)


class ProductIn(Strict):
    """A product by its code; restrictions that are not given follow `cash_like` (CAT-01)."""

    code: str = Field(min_length=1, max_length=40)
    brand_code: str
    category_code: str
    name: str = Field(min_length=1, max_length=100)
    notice: str = Field(default="", max_length=4_000)
    face_price_krw: int = Field(le=PRICE_KRW_MAX)
    cash_like: bool = False
    night_restricted: bool | None = None
    single_recipient: bool | None = None
    offers: list[OfferIn] = Field(min_length=1, max_length=3)


class CatalogueIn(Strict):
    """A catalogue, or a part of it; what it does not name stays as it is."""

    brands: list[NamedIn] = Field(default=[], max_length=1_000)
    categories: list[NamedIn] = Field(default=[], max_length=200)
    products: list[ProductIn] = Field(default=[], max_length=2_000)


class ImportedOut(BaseModel):
    """What an import did, and the ids of its products by their codes."""

    created: int
    changed: int
    unchanged: int
    product_ids: dict[str, UUID]


class PriceIn(Strict):
    """A sale price, at once or from a set time."""

    sale_price_krw: int = Field(le=PRICE_KRW_MAX)
    effective_at: AwareDatetime | None = None


class PriceOut(BaseModel):
    """The prices of an offer, by the time from which each holds."""

    offer_id: UUID
    prices: dict[datetime, int]


class OfferPath(BaseModel):
    """An offer."""

    offer_id: UUID


def admin_blueprint(transaction: Transaction, pictures: Pictures, *, image_bytes_max: int) -> APIBlueprint:
    """The admin endpoints of the catalogue."""
    blueprint = APIBlueprint("catalogue_admin", __name__)

    @blueprint.post("/admin/catalogue", responses={200: ImportedOut})
    @operators(roles=ROLES)
    def catalogue(body: CatalogueIn) -> dict[str, object]:
        """Take a catalogue over by codes, all or nothing; the same again changes nothing."""
        command = ImportCatalogue(
            operator_id=caller().subject_id,
            brands=[NamedCode(brand.code, brand.name) for brand in body.brands],
            categories=[NamedCode(category.code, category.name) for category in body.categories],
            products=[product_row(product) for product in body.products],
        )
        with transaction() as uow:
            imported = import_catalogue(command, uow)
        return ImportedOut.model_validate(imported, from_attributes=True).model_dump(mode="json")

    @blueprint.put("/admin/offers/<uuid:offer_id>/price", responses={200: PriceOut})
    @operators(roles=ROLES)
    def price(path: OfferPath, body: PriceIn) -> dict[str, object]:
        """Price an offer, at once or from a set time."""
        command = SetPrice(caller().subject_id, path.offer_id, body.sale_price_krw, body.effective_at)
        with transaction() as uow:
            offer = set_price(command, uow)
        prices = {each.effective_at: each.sale_price_krw for each in offer.prices}
        return PriceOut(offer_id=offer.id, prices=prices).model_dump(mode="json")

    @blueprint.post("/admin/products/<uuid:product_id>/discontinue", responses={200: ProductOut})
    @operators(roles=ROLES)
    def discontinue(path: ProductPath) -> dict[str, object]:
        """Take a product off sale."""
        with transaction() as uow:
            discontinue_product(DiscontinueProduct(caller().subject_id, path.product_id), uow)
        return shown(path.product_id)

    @blueprint.post("/admin/products/<uuid:product_id>/resume", responses={200: ProductOut})
    @operators(roles=ROLES)
    def resume(path: ProductPath) -> dict[str, object]:
        """Put a product on sale again."""
        with transaction() as uow:
            resume_product(ResumeProduct(caller().subject_id, path.product_id), uow)
        return shown(path.product_id)

    @blueprint.put("/admin/products/<uuid:product_id>/image", responses={200: ProductOut})
    @operators(roles=ROLES)
    def image(path: ProductPath) -> dict[str, object]:
        """Give a product its picture: one jpeg or png, judged by its content."""
        image_path = pictures.put(read_upload(bytes_max=image_bytes_max))
        with transaction() as uow:
            picture_product(PictureProduct(caller().subject_id, path.product_id, image_path), uow)
        return shown(path.product_id)

    def shown(product_id: UUID) -> dict[str, object]:
        with transaction() as uow:
            return product_out(uow.views.product(product_id)).model_dump(mode="json")

    return blueprint


def offer_row(offer: OfferIn) -> OfferRow:
    """An offer as the use cases take it."""
    return OfferRow(offer.validity_days, offer.sale_price_krw, offer.supplier, offer.supplier_goods_code)


def product_row(product: ProductIn) -> ProductRow:
    """A product as the use cases take it."""
    return ProductRow(
        code=product.code,
        brand_code=product.brand_code,
        category_code=product.category_code,
        name=product.name,
        notice=product.notice,
        face_price_krw=product.face_price_krw,
        restrictions=Restrictions.of(
            cash_like=product.cash_like,
            night_restricted=product.night_restricted,
            single_recipient=product.single_recipient,
        ),
        offers=[offer_row(offer) for offer in product.offers],
    )
