"""Members' orders: placing, list, detail with long poll, recipients."""

from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.access import caller, members
from chassis.idempotency import idempotency_key, keyed
from chassis.paging import page_of, read_cursor
from ordering.api.desk import MemberDesk
from ordering.api.order_models import (
    LineAnswer,
    LineList,
    LineListQuery,
    NewOrder,
    OrderAnswer,
    OrderDetail,
    OrderList,
    OrderListQuery,
    OrderPath,
    OrderQuery,
    line_answer,
)
from ordering.api.problems import BadRecipients
from ordering.application.placing import place_order
from ordering.application.queries import OrderView, Viewer, order_of, refuse_rejected
from ordering.domain.errors import MemberMayNotOrderError, RecipientsRefusedError
from ordering.domain.order import OrderState

PLACE = "place_order"
MASTER = "master"


def orders_blueprint(desk: MemberDesk) -> APIBlueprint:
    """The routes under `/v1/orders`."""
    blueprint = APIBlueprint("orders", __name__, abp_tags=[Tag(name="orders")])

    def read(order_id: UUID, viewer: Viewer) -> OrderView:
        with desk.transaction() as transaction:
            return order_of(order_id, viewer, transaction.views)

    def store(body: NewOrder, viewer: Viewer) -> UUID:
        try:
            with desk.transaction() as transaction:
                once = transaction.keys.once(
                    scope=str(viewer.member_id),
                    key=idempotency_key(),
                    operation=PLACE,
                    body=body,
                    create=lambda: place_order(body.command(viewer), transaction.uow, desk.rules),
                )
        except RecipientsRefusedError as refused:
            raise BadRecipients.of(refused) from None
        return once.resource_id

    @blueprint.post("/v1/orders", responses={201: OrderAnswer, 202: OrderAnswer})
    @members
    @keyed
    def place(body: NewOrder) -> tuple[OrderAnswer, int, dict[str, str]]:
        """Place an immediate order: 201 when its money is held, 402 when it is not, 202 when that is not known yet."""
        viewer = _viewer()
        order_id = store(body, viewer)
        order = desk.polls.wait(
            lambda: read(order_id, viewer),
            lambda order: order.state is not OrderState.PENDING,
            desk.placing_wait_seconds,
        )
        refuse_rejected(order)
        status = HTTPStatus.ACCEPTED if order.state is OrderState.PENDING else HTTPStatus.CREATED
        return OrderAnswer.of(order), status, {"Location": f"/v1/orders/{order.order_id}"}

    @blueprint.get("/v1/orders", responses={200: OrderList})
    @members
    def list_orders(query: OrderListQuery) -> OrderList:
        """Orders, newest first: a master's with those of its sub-members (ORD-24)."""
        cursor = read_cursor(query.cursor, UUID)
        with desk.transaction() as transaction:
            found = transaction.views.page(_viewer(), cursor[0] if cursor else None, query.limit + 1)
        items, next_cursor = page_of(found, query.limit, key=lambda order: (order.order_id,), show=OrderAnswer.of)
        return OrderList(items=items, next_cursor=next_cursor)

    @blueprint.get("/v1/orders/<uuid:order_id>", responses={200: OrderDetail})
    @members
    def show(path: OrderPath, query: OrderQuery) -> OrderDetail:
        """One order; with `seen` and `wait_seconds` the answer waits for a change."""
        viewer = _viewer()
        order = desk.polls.wait(
            lambda: read(path.order_id, viewer),
            lambda order: order.version != query.seen,
            min(query.wait_seconds, desk.poll_wait_seconds_max),
        )
        with desk.transaction() as transaction:
            return OrderDetail.with_items(order, list(transaction.views.items(order.order_id)))

    @blueprint.get("/v1/orders/<uuid:order_id>/lines", responses={200: LineList})
    @members
    def list_lines(path: OrderPath, query: LineListQuery) -> LineList:
        """The order's recipients with their coupons."""
        cursor = read_cursor(query.cursor, int)
        with desk.transaction() as transaction:
            order_of(path.order_id, _viewer(), transaction.views)
            after = cursor[0] if cursor else 0
            found = transaction.views.lines(path.order_id, after, query.limit + 1)
        items: list[LineAnswer]
        items, next_cursor = page_of(found, query.limit, key=lambda line: (line.line_no,), show=line_answer)
        return LineList(items=items, next_cursor=next_cursor)

    return blueprint


def _viewer() -> Viewer:
    """The calling member. Raises `MemberMayNotOrderError` for a token without a company."""
    who = caller()
    if who.tenant_id is None:
        raise MemberMayNotOrderError
    return Viewer(who.tenant_id, who.subject_id, MASTER in who.roles)
