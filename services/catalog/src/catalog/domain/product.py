"""A product of a brand, and how its prices are shown (CAT-01, CAT-05)."""

from dataclasses import dataclass, replace
from uuid import UUID

from catalog.domain.errors import PriceError


@dataclass(frozen=True)
class Brand:
    """A brand, named by a code that operators give."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True)
class Category:
    """A category; those that are tabs of the popular products have a place among them."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True)
class Restrictions:
    """What an order with the product must mind. Both follow `cash_like` unless an operator sets them (CAT-01)."""

    cash_like: bool
    night_restricted: bool
    single_recipient: bool

    @classmethod
    def of(
        cls, *, cash_like: bool, night_restricted: bool | None = None, single_recipient: bool | None = None
    ) -> "Restrictions":
        """The restrictions, those not set following `cash_like`."""
        return cls(
            cash_like=cash_like,
            night_restricted=cash_like if night_restricted is None else night_restricted,
            single_recipient=cash_like if single_recipient is None else single_recipient,
        )


@dataclass(frozen=True)
class Product:
    """What a recipient gets. The face price is in KRW."""

    id: UUID
    code: str
    brand: Brand
    category: Category
    name: str
    notice: str
    face_price_krw: int
    restrictions: Restrictions
    image_path: str = ""
    discontinued: bool = False

    def __post_init__(self) -> None:
        if self.face_price_krw <= 0:
            raise PriceError(self.face_price_krw)

    def discontinue(self) -> "Product":
        """The product that can no longer be ordered or issued; discontinuing it again changes nothing."""
        return replace(self, discontinued=True)

    def resume(self) -> "Product":
        """The product on sale again."""
        return replace(self, discontinued=False)

    def pictured(self, image_path: str) -> "Product":
        """The product with another picture."""
        return replace(self, image_path=image_path)


def discount_percent(face_price_krw: int, sale_price_krw: int) -> int:
    """How many percent the sale price lies under the face price, rounded down; 0 is not shown (CAT-05)."""
    return max(0, (face_price_krw - sale_price_krw) * 100 // face_price_krw)
