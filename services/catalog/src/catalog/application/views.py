"""What the catalogue shows: read models, never rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from catalog.domain.cart import CartLine, CartNotice
from catalog.domain.product import Category, discount_percent


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
    rank: int = 0
    """How well it fits what was looked for, the best first; products that fit alike stand by name."""

    @property
    def sort_key(self) -> tuple[int, str, UUID]:
        """Where it stands in a list."""
        return self.rank, self.name, self.product_id


@dataclass(frozen=True)
class PopularTab:
    """The products of a tab, the most chosen first; the tab of all products has no category (CAT-03)."""

    category: Category | None
    products: Sequence[ProductView]


@dataclass(frozen=True)
class CartLineView:
    """A line of a cart with its product as it is now."""

    line: CartLine
    product: ProductView

    @property
    def offer(self) -> OfferView:
        """The offer that was chosen, at its present price."""
        return next(offer for offer in self.product.offers if offer.offer_id == self.line.choice.offer_id)

    @property
    def notices(self) -> Sequence[CartNotice]:
        """What changed since the line came (CAT-07)."""
        return self.line.notices(self.offer.sale_price_krw, discontinued=self.product.discontinued)


@dataclass(frozen=True)
class ProductQuery:
    """What is looked for: any of these, all must fit (CAT-02)."""

    text: str = ""
    category_code: str | None = None
    brand_code: str | None = None
    also_discontinued: bool = False


@dataclass(frozen=True)
class NamedView:
    """A brand or a category with the number of its products on sale."""

    code: str
    name: str
    products: int
