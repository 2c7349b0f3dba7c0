"""Scheduled orders as they come in and go out over REST."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.bodies import RequestBody
from ordering.domain.order import OrderState

CANCELLED_AT_ONCE_MAX = 100
"""As many as the longest page of the list shows."""
NOTICES = (
    "주문일로부터 30일 이내로 예약이 가능합니다.",
    "상품권 및 일부 환금성 상품은 오전 6시부터 오후 11시 59분까지 예약발송일시를 설정할 수 있습니다.",
    "특정 경우 예약된 일자의 상품 상태에 따라 부득이하게 발송이 실패될 수 있습니다.",
)
"""The manual's three notices beside the picker (4-2)."""


class SendTimesQuery(BaseModel):
    """The day that was picked, and the products ordered."""

    on: date
    offer_ids: Annotated[list[UUID], Field(max_length=100)] = Field(default_factory=list)


class SendTimes(BaseModel):
    """The times of a day that can be chosen, in UTC; every other is refused at placing (ORD-08)."""

    first_at: datetime
    last_on: date
    is_night_restricted: bool
    times: list[datetime]
    notices: list[str]


class Cancellations(RequestBody):
    """The orders that were ticked."""

    order_ids: Annotated[list[UUID], Field(min_length=1, max_length=CANCELLED_AT_ONCE_MAX)]


class Reason(BaseModel):
    """Why one order could not be cancelled."""

    code: str
    ko: str
    en: str


class CancellationAnswer(BaseModel):
    """What became of one order; `reason` says why it was not cancelled."""

    model_config = ConfigDict(use_enum_values=True)

    order_id: UUID
    is_cancelled: bool
    state: OrderState | None
    reason: Reason | None


class CancellationList(BaseModel):
    """Each order by itself, as they were given (ORD-20)."""

    items: list[CancellationAnswer]
