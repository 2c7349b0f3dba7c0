"""The order form before placing: the very judgement of placing, nothing stored (ORD-35)."""

from typing import Any

from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag

from chassis.access import members
from chassis.problems import describe
from ordering.api.desk import MemberDesk
from ordering.api.preview_models import CardAnswer, CardList, JudgedOrder, OrderForm
from ordering.api.problems import PROBLEMS, BadRecipients
from ordering.api.viewers import viewer
from ordering.application.previewing import preview_order
from ordering.domain.coupon_page import CARDS
from ordering.domain.errors import OrderingError, RecipientsRefusedError

_OF_A_FAULT = ("type", "title", "status", "correlation_id")
"""Members of a problem document that say nothing about one fault among several."""


def previews_blueprint(desk: MemberDesk) -> APIBlueprint:
    """Ordering's part of a preview, for the gateway alone, and what the form is made of."""
    blueprint = APIBlueprint("previews", __name__, abp_tags=[Tag(name="orders")])

    @blueprint.post("/internal/order-previews", responses={200: JudgedOrder})
    @members
    def judge_order(body: OrderForm) -> JudgedOrder:
        """What placing this form would say but for its money, with every figure of it; stores nothing."""
        seen_krw = body.pay_amount_krw if body.pay_amount_krw >= 0 else None
        with desk.transaction() as transaction:
            seen = preview_order(
                body.command(viewer()),
                transaction.uow,
                desk.rules,
                seen_krw=seen_krw,
                row_no=body.message_row_no,
            )
        return JudgedOrder.of(seen, [_fault(fault) for fault in seen.faults])

    @blueprint.get("/v1/orders/coupon-cards", responses={200: CardList})
    @members
    def cards() -> CardList:
        """The cards of the page that a message opens, by theme (ORD-14)."""
        return CardList(items=[CardAnswer.model_validate(card) for card in CARDS])

    return blueprint


def _fault(fault: OrderingError) -> dict[str, Any]:
    """A fault as placing would answer it."""
    error = BadRecipients.of(fault) if isinstance(fault, RecipientsRefusedError) else fault
    problem = describe(PROBLEMS[type(error)], error, correlation_id="")
    return {name: value for name, value in problem.members.items() if name not in _OF_A_FAULT}
