"""What operators send and see when they revoke coupons."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chassis.bodies import RequestBody
from chassis.paging import PageQuery
from contracts.values import OrderNumber
from ordering.application.revoking import RevokeCoupons
from ordering.domain.coupon import CouponState
from ordering.domain.revocation import CouponPlace, RevocationState

COUPONS_NAMED_MAX = 1000


class CouponIn(RequestBody):
    """A coupon by its recipient's number within the order and its product's."""

    line_no: int = Field(ge=1, le=2**31 - 1)
    item_no: int = Field(ge=1, le=2**15 - 1)


class RevocationIn(RequestBody):
    """Which coupons to take back and why; without `coupons` all that are issued now."""

    order_number: OrderNumber
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    repaid: bool = Field(description="whether the money goes back to the customer")
    coupons: Annotated[list[CouponIn], Field(min_length=1, max_length=COUPONS_NAMED_MAX)] | None = None

    @model_validator(mode="after")
    def _each_once(self) -> "RevocationIn":
        named = [(coupon.line_no, coupon.item_no) for coupon in self.coupons or ()]
        if len(set(named)) < len(named):
            raise ValueError("a coupon is named twice")
        return self

    def command(self, operator_id: UUID) -> RevokeCoupons:
        """What the operator asks for."""
        places = None if self.coupons is None else tuple(CouponPlace(one.line_no, one.item_no) for one in self.coupons)
        return RevokeCoupons(operator_id, self.order_number, self.reason, self.repaid, places)


class RevocationAnswer(BaseModel):
    """A revocation with how many of its coupons are still open, revoked, or kept by the supplier."""

    model_config = ConfigDict(from_attributes=True)

    revocation_id: UUID
    order_id: UUID
    order_number: str
    operator_id: UUID
    reason: str
    repaid: bool
    requested_at: datetime
    open: int
    revoked: int
    refused: int


class RevocationList(BaseModel):
    """Newest first."""

    items: list[RevocationAnswer]
    next_cursor: str | None


class RevocationListQuery(PageQuery):
    """A page of revocations, of one order if its number is given."""

    order_number: OrderNumber | None = None


class RevocationPath(BaseModel):
    """A revocation's address."""

    revocation_id: UUID


class RevocableAnswer(BaseModel):
    """A coupon of an order; `revocation` is how its last revocation stands, `code` what the supplier said of it."""

    model_config = ConfigDict(from_attributes=True)

    line_no: int
    item_no: int
    product_name: str
    state: CouponState
    number_masked: str | None
    sale_price_krw: int
    revocation: RevocationState | None
    code: str | None


class RevocableList(BaseModel):
    """By recipient and product."""

    items: list[RevocableAnswer]
    next_cursor: str | None


class NumberPath(BaseModel):
    """An order's address by its number."""

    order_number: OrderNumber
