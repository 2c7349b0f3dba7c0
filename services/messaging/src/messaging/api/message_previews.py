"""A message before it is sent: the gateway asks for the order form; nobody outside reaches this (ORD-13)."""

from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import members
from chassis.bodies import RequestBody
from messaging.api.templates import card_url
from messaging.application.ports import Transaction
from messaging.domain.errors import MessageTooLong, ValueMissing
from messaging.domain.template import form_bytes


class MessageQuestion(RequestBody):
    """Which version of which template, and what fills it."""

    template_id: UUID
    template_version: int = Field(ge=1, le=2**31 - 1)
    values: dict[str, str] = Field(max_length=20)


class RenderedMessage(BaseModel):
    """The alimtalk as its recipient gets it, with its size as the form and the provider count it.

    There is no text when a value is missing or the limits are passed: then none would be sent.
    """

    text: str | None
    bytes_cp949: int | None
    characters: int | None
    button_name: str = Field(examples=["확인하러 가기"])
    card_url: str | None
    fallback_number: str = Field(description="the number that an MMS comes from, which nobody changes (MSG-01)")


def message_previews_blueprint(transaction: Transaction, *, fallback_number: str) -> APIBlueprint:
    """`/internal/message-previews`."""
    blueprint = APIBlueprint("message_previews", __name__, abp_tags=[Tag(name="internal")])

    @blueprint.post("/internal/message-previews", responses={200: RenderedMessage})
    @members
    def render_message(body: MessageQuestion) -> RenderedMessage:
        """Fill a template as a delivery of it is filled."""
        with transaction() as uow:
            template = uow.templates.get(body.template_id, body.template_version)
        try:
            text = template.filled(body.values)
        except (ValueMissing, MessageTooLong):
            text = None
        return RenderedMessage(
            text=text,
            bytes_cp949=None if text is None else form_bytes(text),
            characters=None if text is None else len(text),
            button_name=template.button_name,
            card_url=card_url(template),
            fallback_number=fallback_number,
        )

    return blueprint
