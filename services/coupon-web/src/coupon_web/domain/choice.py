"""The products of a choice order as their recipient sees them (ORD-26 … ORD-28)."""

from dataclasses import dataclass
from urllib.parse import quote

from coupon_web.domain.coupon import PICTURES_PATH


@dataclass(frozen=True)
class Choice:
    """One product to pick; a stopped one is shown and cannot be picked."""

    item_no: int
    brand_name: str
    product_name: str
    picture_path: str
    validity_days: int
    notice: str
    can_be_picked: bool

    @property
    def picture_address(self) -> str | None:
        """Where the catalogue shows the product's picture, on this very host."""
        return PICTURES_PATH + quote(self.picture_path) if self.picture_path else None
