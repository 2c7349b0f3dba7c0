"""`/v1/orders/preview`: the order form before placing, in one call (ORD-13, ORD-15, ORD-35)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from flask import Response, request
from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field, RootModel, WithJsonSchema

from chassis.access import caller, members
from gateway.api.asking import ask, ask_all, piece_of, refused_session
from gateway.api.forwarding import Door, response_of
from gateway.domain.errors import AnswerLost
from gateway.domain.order_preview import FUNDS, MESSAGE, further_questions, order_question, would_pass
from gateway.domain.parts import Part
from gateway.domain.routes import PLACING_TIMEOUT_SECONDS


def _said(part: Part, schema: str) -> WithJsonSchema:
    """A schema that is a service's: the document of the whole API names it there, and it is not told twice."""
    return WithJsonSchema({"type": "object", "format": f"{part}/{schema}"})


class OrderFormSent(RootModel[Annotated[dict[str, Any], _said(Part.ORDERING, "OrderForm")]]):
    """The form in any state of being filled in, as ordering reads it."""


class OrderPreview(BaseModel):
    """Advice of this moment: nothing is stored or reserved, and only placing binds."""

    would_pass: bool | None = Field(
        description="null when nothing speaks against the order, and its money could not be asked for"
    )
    order: Annotated[dict[str, Any], _said(Part.ORDERING, "JudgedOrder")]
    funds: Annotated[dict[str, Any], _said(Part.WALLET, "JudgedFunds")] | None
    message: Annotated[dict[str, Any], _said(Part.MESSAGING, "RenderedMessage")] | None = Field(
        description="the alimtalk of `order.message_row`; null without such a row"
    )
    missing: list[str] = Field(description="names the pieces that could not be had just now")


def order_previews_blueprint(door: Door) -> APIBlueprint:
    """The route."""
    blueprint = APIBlueprint("order_previews", __name__, abp_tags=[Tag(name="orders")])

    @blueprint.post("/v1/orders/preview", responses={200: OrderPreview})
    @members
    def preview_order(body: OrderFormSent) -> Response | OrderPreview:
        """Whether this order would be placed now: its figures and faults, every limit, and any row's message.

        Without wallet or messaging the preview comes without their piece and says so.
        """
        del body  # Read as JSON; what it says is ordering's to judge.
        door.rates.admit_caller(str(caller().subject_id))
        judged = ask(door, order_question(request.get_data()), timeout_seconds=PLACING_TIMEOUT_SECONDS)
        if judged.status != HTTPStatus.OK:
            return response_of(judged)
        order = piece_of(judged)
        if order is None:
            raise AnswerLost(Part.ORDERING, "no JSON object")
        answers = ask_all(door, further_questions(order))
        if ended := refused_session(answers.values()):
            return response_of(ended)
        pieces = {name: piece_of(answer) for name, answer in answers.items()}
        return OrderPreview(
            would_pass=would_pass(order, pieces[FUNDS]),
            order=order,
            funds=pieces[FUNDS],
            message=pieces.get(MESSAGE),
            missing=[name for name, piece in pieces.items() if piece is None],
        )

    return blueprint
