"""What members do with placed orders: download the list, send a message again, look at numbers (ORD-21 … ORD-25)."""

from collections.abc import Callable, Iterable
from http import HTTPStatus

from flask import Response
from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.access import members
from ordering.api.desk import MemberDesk
from ordering.api.history_models import LinePath, NumberAnswer, NumberList, OrderFilterQuery
from ordering.api.order_models import LineAnswer, line_answer
from ordering.api.recipient_files import workbook_answer
from ordering.api.viewers import viewer
from ordering.application.queries import OrderView, order_of
from ordering.application.resending import resend_message
from ordering.application.revealing import reveal_numbers

ORDERS_DOWNLOADED_MAX = 10_000
"""As many as a workbook is written with in a request's time; the newest of those that the filters let through."""

WriteOrders = Callable[[Iterable[OrderView]], bytes]


def history_blueprint(desk: MemberDesk, write_orders: WriteOrders, resends_max: int) -> APIBlueprint:
    """The routes under `/v1/orders` beside placing and reading."""
    blueprint = APIBlueprint("history", __name__, abp_tags=[Tag(name="orders")])

    @blueprint.get("/v1/orders/list.xlsx")
    @members
    def download(query: OrderFilterQuery) -> Response:
        """주문목록 다운로드: what the filters let through, newest first."""
        with desk.transaction() as transaction:
            found = transaction.views.page(viewer(), None, ORDERS_DOWNLOADED_MAX, query.filter())
        return workbook_answer(write_orders(found), "주문목록.xlsx")

    @blueprint.post("/v1/orders/<uuid:order_id>/lines/<uuid:line_id>/resend", responses={202: LineAnswer})
    @members
    def resend(path: LinePath) -> tuple[LineAnswer, int]:
        """[재전송]: the same coupons or link again, at most three times. 409 when that is not possible now."""
        who = viewer()
        with desk.transaction() as transaction:
            order = order_of(path.order_id, who, transaction.views)
            resend_message(order, path.line_id, who.member_id, transaction.uow, resends_max)
            line = transaction.views.line(order.order_id, path.line_id)
        return line_answer(line), HTTPStatus.ACCEPTED

    @blueprint.post("/v1/orders/<uuid:order_id>/lines/<uuid:line_id>/numbers", responses={200: NumberList})
    @members
    def numbers(path: LinePath) -> Response:
        """Coupon numbers in full, for the orderer alone; that they were looked at is kept."""
        who = viewer()
        with desk.transaction() as transaction:
            order = order_of(path.order_id, who, transaction.views)
            shown = reveal_numbers(order, path.line_id, who.member_id, transaction.uow, transaction.views)
        answer = NumberList(items=[NumberAnswer.model_validate(number) for number in shown])
        response = Response(answer.model_dump_json(), content_type="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    return blueprint
