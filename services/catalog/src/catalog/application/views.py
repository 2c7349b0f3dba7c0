"""What the catalogue shows: read models, never rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog.domain.product import discount_percent


@dataclass(frozen=True)
class OfferView:
    """An offer with the sale price that is in force."""

    offer_id: UUID
    validity_days: int
    face_price_krw: int
    sale_price_krw: int

    @property
    def discount_percent(self) -> int:
        """CAT-05: rounded down, 0 is not shown."""
        return discount_percent(self.face_price_krw, self.sale_price_krw)


@dataclass(frozen=True)
class ProductView:
    """A product with its offers, the shortest validity first: its price is the one shown in lists (CAT-05)."""

    product_id: UUID
    code: str
    brand_code: str
    brand_name: str
    category_code: str
    category_name: str
    name: str
    notice: str
    image_path: str
    face_price_krw: int
    cash_like: bool
    discontinued: bool
    offers: Sequence[OfferView]


@dataclass(frozen=True)
class ProductQuery:
    """What is looked for: any of these, all must fit (CAT-02)."""

    text: str = ""
    category_code: str | None = None
    brand_code: str | None = None


@dataclass(frozen=True)
class NamedView:
    """A brand or a category with the number of its products on sale."""

    code: str
    name: str
    products: int
