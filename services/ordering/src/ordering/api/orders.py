"""Members' orders: placing, list, detail with long poll, recipients."""

from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.access import members
from chassis.idempotency import idempotency_key, keyed
from chassis.paging import page_of, read_cursor
from ordering.api.desk import MemberDesk
from ordering.api.history_models import OrderListQuery
from ordering.api.order_models import (
    LineAnswer,
    LineList,
    LineListQuery,
    NewOrder,
    OrderAnswer,
    OrderDetail,
    OrderList,
    OrderPath,
    OrderQuery,
    line_answer,
)
from ordering.api.problems import BadRecipients
from ordering.api.viewers import viewer
from ordering.application.placing import place_order
from ordering.application.queries import OrderView, Viewer, order_of, refuse_rejected
from ordering.domain.errors import RecipientsRefusedError
from ordering.domain.order import OrderState
from ordering.domain.pace import pace_of

PLACE = "place_order"


def orders_blueprint(desk: MemberDesk) -> APIBlueprint:
    """The routes under `/v1/orders`."""
    blueprint = APIBlueprint("orders", __name__, abp_tags=[Tag(name="orders")])

    def read(order_id: UUID, who: Viewer) -> OrderView:
        with desk.transaction() as transaction:
            return order_of(order_id, who, transaction.views)

    def store(body: NewOrder, who: Viewer) -> UUID:
        try:
            with desk.transaction() as transaction:
                once = transaction.keys.once(
                    scope=str(who.member_id),
                    key=idempotency_key(),
                    operation=PLACE,
                    body=body,
                    create=lambda: place_order(body.command(who), transaction.uow, desk.rules),
                )
        except RecipientsRefusedError as refused:
            raise BadRecipients.of(refused) from None
        return once.resource_id

    @blueprint.post("/v1/orders", responses={201: OrderAnswer, 202: OrderAnswer})
    @members
    @keyed
    def place(body: NewOrder) -> tuple[OrderAnswer, int, dict[str, str]]:
        """Place an order: 201 when its money is held, 402 when it is not, 202 when that is not known yet."""
        who = viewer()
        order_id = store(body, who)
        order = desk.polls.wait(
            lambda: read(order_id, who),
            lambda order: order.state is not OrderState.PENDING,
            desk.placing_wait_seconds,
        )
        refuse_rejected(order)
        status = HTTPStatus.ACCEPTED if order.state is OrderState.PENDING else HTTPStatus.CREATED
        return OrderAnswer.of(order), status, {"Location": f"/v1/orders/{order.order_id}"}

    @blueprint.get("/v1/orders", responses={200: OrderList})
    @members
    def list_orders(query: OrderListQuery) -> OrderList:
        """Orders, newest first, narrowed by filters: a master's with those of its sub-members (ORD-23, ORD-24)."""
        cursor = read_cursor(query.cursor, UUID)
        with desk.transaction() as transaction:
            before = cursor[0] if cursor else None
            found = transaction.views.page(viewer(), before, query.limit + 1, query.filter())
        items, next_cursor = page_of(found, query.limit, key=lambda order: (order.order_id,), show=OrderAnswer.of)
        return OrderList(items=items, next_cursor=next_cursor)

    @blueprint.get("/v1/orders/<uuid:order_id>", responses={200: OrderDetail})
    @members
    def show(path: OrderPath, query: OrderQuery) -> OrderDetail:
        """One order and how far its sending is; with `seen` and `wait_seconds` the answer waits for a change."""
        who = viewer()
        order = desk.polls.wait(
            lambda: read(path.order_id, who),
            lambda order: order.version != query.seen,
            min(query.wait_seconds, desk.poll_wait_seconds_max),
        )
        with desk.transaction() as transaction:
            pace = pace_of(order.state, order.tally, order.started_at, transaction.uow.now())
            return OrderDetail.with_items(order, list(transaction.views.items(order.order_id)), pace)

    @blueprint.get("/v1/orders/<uuid:order_id>/lines", responses={200: LineList})
    @members
    def list_lines(path: OrderPath, query: LineListQuery) -> LineList:
        """The order's recipients with their coupons."""
        cursor = read_cursor(query.cursor, int)
        with desk.transaction() as transaction:
            order_of(path.order_id, viewer(), transaction.views)
            after = cursor[0] if cursor else 0
            found = transaction.views.lines(path.order_id, after, query.limit + 1)
        items: list[LineAnswer]
        items, next_cursor = page_of(found, query.limit, key=lambda line: (line.line_no,), show=line_answer)
        return LineList(items=items, next_cursor=next_cursor)

    return blueprint
