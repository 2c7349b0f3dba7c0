"""주문내역 of the home page: its four tabs, a few lines each (GWY-02)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol, Self
from uuid import UUID

from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel

from chassis.access import members
from ordering.api.viewers import viewer
from ordering.application.plan_ports import PlanViews
from ordering.application.queries import OrderFilter, OrderView, OrderViews
from ordering.domain.order import OrderState
from ordering.domain.plan import Plan

AT_ONCE, AT_ITS_TIME = "[즉시 발송]", "[예약 발송]"


class HomeTransaction(Protocol):
    """One transaction for the home page."""

    @property
    def views(self) -> OrderViews: ...
    @property
    def plan_views(self) -> PlanViews: ...


class HomeOrder(BaseModel):
    """A line of a tab; `send_at` is when a scheduled order is or was to be sent."""

    order_id: UUID
    order_number: str
    order_name: str
    send_type_ko: str
    placed_at: datetime
    send_at: datetime | None

    @classmethod
    def of(cls, order: OrderView) -> Self:
        """The line of an order."""
        return cls(
            order_id=order.order_id,
            order_number=order.order_number,
            order_name=order.order_name,
            send_type_ko=AT_ONCE if order.send_at is None else AT_ITS_TIME,
            placed_at=order.placed_at,
            send_at=order.send_at,
        )


class HomePlan(BaseModel):
    """A line of the tab 기념일."""

    plan_id: UUID
    order_name: str
    recipients: int
    next_on: date | None

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The line of a plan."""
        return cls(plan_id=plan.plan_id, order_name=plan.order_name, recipients=plan.recipients, next_on=plan.next_on)


class HomeTabs(BaseModel):
    """발송중, 발송 완료, 발송 예정, 기념일. A master's orders are those of the company, the plans the member's own."""

    sending: list[HomeOrder]
    sent: list[HomeOrder]
    scheduled: list[HomeOrder]
    anniversaries: list[HomePlan]


def home_blueprint(transaction: Callable[[], AbstractContextManager[HomeTransaction]], lines_max: int) -> APIBlueprint:
    """`/v1/orders/home`."""
    blueprint = APIBlueprint("home", __name__, abp_tags=[Tag(name="orders")])

    @blueprint.get("/v1/orders/home", responses={200: HomeTabs})
    @members
    def tabs() -> HomeTabs:
        """The newest orders being sent, sent and scheduled, and the nearest anniversaries."""
        who = viewer()
        with transaction() as opened:

            def newest(state: OrderState) -> list[HomeOrder]:
                found = opened.views.page(who, None, lines_max, OrderFilter(state=state))
                return [HomeOrder.of(order) for order in found]

            return HomeTabs(
                sending=newest(OrderState.SENDING),
                sent=newest(OrderState.SENT),
                scheduled=newest(OrderState.SCHEDULED),
                anniversaries=[HomePlan.of(plan) for plan in opened.plan_views.coming(who.member_id, lines_max)],
            )

    return blueprint
