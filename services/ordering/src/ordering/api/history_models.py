"""Lists of orders as they are asked for, and what members do to recipients of placed orders."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.paging import PageQuery
from ordering.application.judging import SEOUL
from ordering.application.queries import OrderFilter
from ordering.domain.order import OrderState, OrderType

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
DAY_FIRST, DAY_LAST = date(2000, 1, 1), date(2200, 1, 1)


class OrderFilterQuery(BaseModel):
    """Filters of the list; days are Seoul's, both included (ORD-23)."""

    placed_from: date | None = Field(default=None, ge=DAY_FIRST, le=DAY_LAST)
    placed_to: date | None = Field(default=None, ge=DAY_FIRST, le=DAY_LAST)
    state: OrderState | None = None
    order_type: OrderType | None = None
    orderer_id: UUID | None = None
    query: Words | None = Field(default=None, description="part of the order's name or number")
    external_id: Words | None = None

    def filter(self) -> OrderFilter:
        """What the list is narrowed to."""
        return OrderFilter(
            placed_from=_begins(self.placed_from),
            placed_before=None if self.placed_to is None else _begins(self.placed_to + timedelta(days=1)),
            state=self.state,
            order_type=self.order_type,
            orderer_id=self.orderer_id,
            words=self.query,
            external_id=self.external_id,
        )


class OrderListQuery(PageQuery, OrderFilterQuery):
    """A page of orders: 50 by default; the page offers 20, 50 and 100."""


class LinePath(BaseModel):
    """A recipient's address."""

    order_id: UUID
    line_id: UUID


class NumberAnswer(BaseModel):
    """A coupon's number in full."""

    model_config = ConfigDict(from_attributes=True)

    item_no: int
    product_name: str
    number: str


class NumberList(BaseModel):
    """A recipient's coupons that were issued."""

    items: list[NumberAnswer]


def _begins(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, tzinfo=SEOUL)
