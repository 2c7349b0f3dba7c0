"""Members' scheduled orders: which times are offered, and cancelling before the sending starts (ORD-08, ORD-20)."""

from collections.abc import Callable
from uuid import UUID

from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.access import members
from ordering.api.desk import MemberDesk
from ordering.api.order_models import OrderAnswer, OrderPath
from ordering.api.problems import PROBLEMS
from ordering.api.scheduled_models import (
    NOTICES,
    CancellationAnswer,
    CancellationList,
    Cancellations,
    Reason,
    SendTimes,
    SendTimesQuery,
)
from ordering.api.viewers import viewer
from ordering.application.judging import SEOUL
from ordering.application.queries import OrderView, Viewer, order_of
from ordering.application.scheduling import cancel_order
from ordering.domain.errors import NotCancellableError, OrderUnknownError
from ordering.domain.order import OrderState
from ordering.domain.schedule import Schedule


def scheduled_blueprint(desk: MemberDesk) -> APIBlueprint:
    """The routes of scheduled orders under `/v1/orders`."""
    blueprint = APIBlueprint("scheduled", __name__, abp_tags=[Tag(name="orders")])
    cancel_one = _cancelling(desk)

    @blueprint.get("/v1/orders/send-times", responses={200: SendTimes})
    @members
    def send_times(query: SendTimesQuery) -> SendTimes:
        """The times of a day that a scheduled order of these products can be sent at."""
        with desk.transaction() as transaction:
            offers = transaction.uow.copies.offers(query.offer_ids)
            restricted = any(offer.night_restricted for offer in offers)
            schedule = Schedule(desk.rules.schedule, transaction.uow.now(), restricted, SEOUL)
        return SendTimes(
            first_at=schedule.first_at,
            last_on=schedule.last_on,
            is_night_restricted=restricted,
            times=list(schedule.offered_on(query.on)) if query.on <= schedule.last_on else [],
            notices=list(NOTICES),
        )

    @blueprint.post("/v1/orders/<uuid:order_id>/cancel", responses={200: OrderAnswer})
    @members
    def cancel(path: OrderPath) -> OrderAnswer:
        """[주문 취소]: the whole amount goes back. 409 once its sending has started."""
        return OrderAnswer.of(cancel_one(path.order_id, viewer()))

    @blueprint.post("/v1/orders/cancellations", responses={200: CancellationList})
    @members
    def cancel_several(body: Cancellations) -> CancellationList:
        """Cancel those that were ticked: each succeeds or fails by itself, with a reason."""
        who = viewer()
        return CancellationList(items=[_outcome(order_id, cancel_one, who) for order_id in body.order_ids])

    return blueprint


def _cancelling(desk: MemberDesk) -> Callable[[UUID, Viewer], OrderView]:
    def cancel_one(order_id: UUID, who: Viewer) -> OrderView:
        with desk.transaction() as transaction:
            order = order_of(order_id, who, transaction.views)
            cancel_order(order, who.member_id, transaction.uow)
            return order_of(order_id, who, transaction.views)

    return cancel_one


def _outcome(order_id: UUID, cancel_one: Callable[[UUID, Viewer], OrderView], who: Viewer) -> CancellationAnswer:
    try:
        state = cancel_one(order_id, who).state
    except OrderUnknownError as unknown:
        return CancellationAnswer(order_id=order_id, is_cancelled=False, state=None, reason=_reason(unknown))
    except NotCancellableError as late:
        stands = OrderState(late.state)
        return CancellationAnswer(order_id=order_id, is_cancelled=False, state=stands, reason=_reason(late))
    return CancellationAnswer(order_id=order_id, is_cancelled=True, state=state, reason=None)


def _reason(error: Exception) -> Reason:
    problem = PROBLEMS[type(error)]
    return Reason(code=problem.code, ko=problem.ko, en=problem.en)
