"""What catalog says: products and their offers (product × validity × price)."""

from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from contracts.event import StateEvent
from contracts.values import Krw, OfferId, ProductId, UtcTime, Version


class OfferAvailability(StrEnum):
    """Whether an offer can be ordered and issued."""

    ON_SALE = "on_sale"
    DISCONTINUED = "discontinued"


class TimedPrice(BaseModel):
    """A sale price and the moment from which it holds; every copy switches by the clock."""

    model_config = ConfigDict(frozen=True)

    sale_price_krw: Krw
    effective_at: UtcTime


class OfferPublished(StateEvent):
    """The whole present state of an offer: what it is, what it costs and when that changes, where it is bought."""

    type: ClassVar[str] = "catalog.offer_published.v1"
    summary: ClassVar[str] = "An offer came, changed its price, was discontinued or resumed; carries all of it."

    offer_id: OfferId
    version: Version
    product_id: ProductId
    brand_name: str
    product_name: str
    notice: str
    image_path: str
    validity_days: int
    face_price_krw: Krw
    prices: tuple[TimedPrice, ...]
    availability: OfferAvailability
    cash_like: bool
    night_restricted: bool
    single_recipient: bool
    supplier: str
    supplier_goods_code: str

    @property
    def subject(self) -> str:
        return str(self.offer_id)
