"""알림 설정: what a member wants to be told, and by which way (MSG-07)."""

from collections.abc import Sequence
from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, field_validator

from chassis.access import caller, members
from chassis.bodies import RequestBody
from chassis.problems import NotFound
from messaging.application.notification_ports import NotificationTransaction
from messaging.application.notifications import choices_of, choose
from messaging.domain.notification import NotificationChoice, NotificationKind

MASTER = "master"


class ChoiceIn(RequestBody):
    """A kind, and its ways."""

    kind: NotificationKind = Field(strict=False)
    mail: bool
    alimtalk: bool


class ChoicesIn(RequestBody):
    """The kinds to change; what is not named stays."""

    items: list[ChoiceIn] = Field(min_length=1, max_length=len(NotificationKind))

    @field_validator("items")
    @classmethod
    def each_kind_once(cls, items: list[ChoiceIn]) -> list[ChoiceIn]:
        """Two answers to one question are none."""
        if len({item.kind for item in items}) < len(items):
            raise ValueError("a kind is named twice")
        return items


class ChoiceOut(BaseModel):
    """A kind that the member may choose about, with what counts now."""

    kind: NotificationKind
    mail: bool
    alimtalk: bool


class ChoicesOut(BaseModel):
    """Every kind that concerns the member."""

    items: list[ChoiceOut]
    next_cursor: None = None


def notifications_blueprint(transaction: NotificationTransaction) -> APIBlueprint:
    """The member's own choices."""
    blueprint = APIBlueprint("notifications", __name__, abp_tags=[Tag(name="notifications")])

    @blueprint.get("/v1/notifications", responses={200: ChoicesOut})
    @members
    def notifications() -> ChoicesOut:
        """What is told, and how."""
        member_id, company_id, is_master = _caller()
        with transaction() as work:
            return _listed(choices_of(member_id, company_id, work, is_master=is_master))

    @blueprint.put("/v1/notifications", responses={200: ChoicesOut})
    @members
    def change(body: ChoicesIn) -> ChoicesOut:
        """Choose: from now on each named kind is told this way."""
        member_id, company_id, is_master = _caller()
        choices = [NotificationChoice(item.kind, item.mail, item.alimtalk) for item in body.items]
        with transaction() as work:
            return _listed(choose(member_id, company_id, choices, work, is_master=is_master))

    return blueprint


def _caller() -> tuple[UUID, UUID, bool]:
    member = caller()
    if member.tenant_id is None:
        raise NotFound
    return member.subject_id, member.tenant_id, MASTER in member.roles


def _listed(choices: Sequence[NotificationChoice]) -> ChoicesOut:
    return ChoicesOut(
        items=[ChoiceOut(kind=choice.kind, mail=choice.mail, alimtalk=choice.alimtalk) for choice in choices]
    )
