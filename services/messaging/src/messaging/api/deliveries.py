"""Operators look at deliveries."""

from datetime import datetime
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from chassis.access import operators
from chassis.paging import PageQuery, page_of, read_cursor
from messaging.application.ports import Transaction
from messaging.domain.delivery import Channel, Delivery, DeliveryState


class DeliveriesQuery(PageQuery):
    """Which deliveries."""

    order_id: UUID | None = None
    state: DeliveryState | None = None


class DeliveryOut(BaseModel):
    """A delivery; the phone shows its last four digits only. An MMS of ours stands beside the alimtalk it follows.

    `provider_key` is the provider's own key, empty while it said none; `cost_jeon` is what it charges, in hundredths of
    a KRW, for a message that arrived.
    """

    delivery_id: UUID
    order_id: UUID
    line_id: UUID
    phone_ending: str
    sent_as: Channel
    state: DeliveryState
    channel: Channel | None
    code: str
    tries: int
    handed_over_at: datetime | None
    settled_at: datetime | None
    provider_key: str
    cost_jeon: int | None


class DeliveriesPage(BaseModel):
    """A page of deliveries, newest first."""

    items: list[DeliveryOut]
    next_cursor: str | None


def deliveries_blueprint(transaction: Transaction) -> APIBlueprint:
    """The admin endpoint of the deliveries."""
    blueprint = APIBlueprint("deliveries", __name__)

    @blueprint.get("/admin/deliveries", responses={200: DeliveriesPage})
    @operators
    def page(query: DeliveriesQuery) -> dict[str, object]:
        """Deliveries, newest first."""
        after = read_cursor(query.cursor, UUID)
        with transaction() as uow:
            rows = uow.deliveries.page(
                order_id=query.order_id,
                state=query.state,
                before=after[0] if after else None,
                limit=query.limit + 1,
            )
        items, next_cursor = page_of(rows, query.limit, key=lambda row: (row[0].id,), show=_out)
        return DeliveriesPage(items=items, next_cursor=next_cursor).model_dump(mode="json")

    return blueprint


def _out(row: tuple[Delivery, UUID]) -> DeliveryOut:
    delivery, order_id = row
    return DeliveryOut(
        delivery_id=delivery.id,
        order_id=order_id,
        line_id=delivery.line_id,
        phone_ending=delivery.phone[-4:],
        sent_as=delivery.sent_as,
        state=delivery.state,
        channel=delivery.channel,
        code=delivery.code,
        tries=delivery.tries,
        handed_over_at=delivery.handed_over_at,
        settled_at=delivery.settled_at,
        provider_key=delivery.provider_key,
        cost_jeon=delivery.cost_jeon,
    )
