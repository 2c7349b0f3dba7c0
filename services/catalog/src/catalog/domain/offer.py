"""An offer: a product with one validity period and its sale price over time (CAT-01, CAT-06)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from catalog.domain.errors import PriceError, ValidityError

VALIDITIES_DAYS = (30, 60, 90)
"""CAT-01: a coupon is valid through the Nth day after its issue."""


@dataclass(frozen=True, order=True)
class TimedPrice:
    """A sale price in KRW and the moment from which it holds."""

    effective_at: datetime
    sale_price_krw: int


@dataclass(frozen=True)
class Offer:
    """A product × validity. Its version grows with every change that others must hear of."""

    id: UUID
    product_id: UUID
    validity_days: int
    supplier: str
    supplier_goods_code: str
    prices: tuple[TimedPrice, ...]
    version: int = 1

    def __post_init__(self) -> None:
        if self.validity_days not in VALIDITIES_DAYS:
            raise ValidityError(self.validity_days)
        if not self.prices:
            raise PriceError(0)
        for price in self.prices:
            if price.sale_price_krw <= 0:
                raise PriceError(price.sale_price_krw)
        object.__setattr__(self, "prices", tuple(sorted(self.prices)))

    def sale_price_krw(self, at: datetime) -> int:
        """The sale price in force at a moment; before the first one began, the first."""
        begun = [price for price in self.prices if price.effective_at <= at]
        return (begun[-1] if begun else self.prices[0]).sale_price_krw

    def repriced(self, sale_price_krw: int, effective_at: datetime, now: datetime) -> "Offer":
        """The offer with a price from `effective_at` on, at once when that is past; later ones planned before go.

        The price in force stays until then, so that every copy of the offer can switch by the clock.
        """
        begins = max(effective_at, now)
        in_force = TimedPrice(min(self.prices[0].effective_at, now), self.sale_price_krw(now))
        between = [price for price in self.prices if now < price.effective_at < begins]
        kept = [in_force, *between] if begins > now else []
        return self.changed(prices=(*kept, TimedPrice(begins, sale_price_krw)))

    def changed(self, prices: Sequence[TimedPrice] | None = None) -> "Offer":
        """The offer one version on: with other prices, or because its product changed."""
        return replace(self, version=self.version + 1, prices=tuple(prices) if prices is not None else self.prices)
