"""Members choose among usable templates; operators draft them and have them approved (MSG-04)."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from chassis.access import caller, members, operators, public
from chassis.problems import NotFound
from chassis.uploads import read_upload
from messaging.application.ports import Transaction
from messaging.application.templates import (
    DraftTemplate,
    JudgeTemplate,
    PutCard,
    draft_template,
    put_card,
    record_approval,
    submit_template,
    withdraw_template,
)
from messaging.domain.errors import SubmissionNotOffered
from messaging.domain.template import Template
from messaging.domain.template_approval import TemplateState

UPLOAD_BYTES_MAX = 1024 * 1024


class TemplateOut(BaseModel):
    """A template in its newest version."""

    template_id: UUID
    version: int
    theme: str
    name: str
    body: str
    button_name: str
    variables: list[str]
    usable: bool
    card_url: str | None
    """The picture that an MMS carries; none without any."""


class TemplatesList(BaseModel):
    """All templates, by theme and name: operators keep them few."""

    items: list[TemplateOut]
    next_cursor: None = None


class KeptTemplateOut(TemplateOut):
    """A template in its newest version, as operators see it."""

    provider_code: str
    state: TemplateState
    reason: str
    """Why the provider rejected it; empty otherwise."""


class KeptTemplatesList(BaseModel):
    """Every template in its newest version, by theme and name."""

    items: list[KeptTemplateOut]
    next_cursor: None = None


class TemplateIn(BaseModel):
    """A text, and the code that is to stand for it at the provider."""

    model_config = ConfigDict(extra="forbid")

    provider_code: str = Field(min_length=1, max_length=30)
    theme: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=40)
    body: str = Field(min_length=1, max_length=1_000)
    button_name: str = Field(default="확인하러 가기", min_length=1, max_length=14)


class VersionIn(BaseModel):
    """The version that the operator looked at."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, le=2**31 - 1)


class ApprovalIn(VersionIn):
    """An approval that the provider gave outside of this service."""

    provider_code: str = Field(min_length=1, max_length=30)


class CardPath(BaseModel):
    """The name of a picture, as templates tell it."""

    card_name: str = Field(max_length=80)


class TemplatePath(BaseModel):
    """A template."""

    template_id: UUID


def templates_blueprint(transaction: Transaction) -> APIBlueprint:
    """What members may choose."""
    blueprint = APIBlueprint("templates", __name__)

    @blueprint.get("/v1/templates", responses={200: TemplatesList})
    @members
    def templates() -> dict[str, object]:
        """Templates that can be used now."""
        with transaction() as uow:
            return _listed([template for template in uow.templates.told() if template.usable])

    @blueprint.get("/v1/cards/<string:card_name>")
    @public
    def card(path: CardPath) -> Response:
        """A card's picture, to anybody: it never changes under its name."""
        with transaction() as uow:
            found = uow.cards.get(path.card_name.removesuffix(".jpg"))
        if found is None or not path.card_name.endswith(".jpg"):
            raise NotFound
        response = Response(found.content, mimetype="image/jpeg")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response

    return blueprint


def templates_admin_blueprint(transaction: Transaction, *, submits: bool) -> APIBlueprint:
    """What operators keep; whether the message provider takes submissions."""
    blueprint = APIBlueprint("templates_admin", __name__)

    @blueprint.get("/admin/templates", responses={200: KeptTemplatesList})
    @operators
    def templates() -> dict[str, object]:
        """Every template in its newest version."""
        with transaction() as uow:
            kept = [_kept(template) for template in uow.templates.newest()]
        return KeptTemplatesList(items=kept).model_dump(mode="json")

    @blueprint.put("/admin/templates/<uuid:template_id>", responses={200: KeptTemplateOut})
    @operators(roles=("catalog", "admin"))
    def draft(path: TemplatePath, body: TemplateIn) -> dict[str, object]:
        """Draft a template, or a new version of it; the same content again changes nothing.

        An approved version goes on being used until a newer one is approved.
        """
        command = DraftTemplate(caller().subject_id, path.template_id, **body.model_dump())
        with transaction() as uow:
            template = draft_template(command, uow)
        return _kept(template).model_dump(mode="json")

    @blueprint.put("/admin/templates/<uuid:template_id>/card", responses={200: KeptTemplateOut})
    @operators(roles=("catalog", "admin"))
    def put_picture(path: TemplatePath) -> dict[str, object]:
        """Give a template its card: one JPEG, judged by its content, of a size that an MMS takes."""
        upload = read_upload(bytes_max=UPLOAD_BYTES_MAX)
        with transaction() as uow:
            template = put_card(PutCard(caller().subject_id, path.template_id, upload.content), uow)
        return _kept(template).model_dump(mode="json")

    @blueprint.post("/admin/templates/<uuid:template_id>/submit", responses={200: KeptTemplateOut})
    @operators(roles=("catalog", "admin"))
    def submit(path: TemplatePath, body: VersionIn) -> dict[str, object]:
        """Submit the newest version for the provider's approval; again changes nothing."""
        if not submits:
            raise SubmissionNotOffered
        with transaction() as uow:
            template = submit_template(JudgeTemplate(caller().subject_id, path.template_id, body.version), uow)
        return _kept(template).model_dump(mode="json")

    @blueprint.post("/admin/templates/<uuid:template_id>/record-approval", responses={200: KeptTemplateOut})
    @operators(roles=("catalog", "admin"))
    def record(path: TemplatePath, body: ApprovalIn) -> dict[str, object]:
        """Record that the provider approved the newest version outside of this service; again changes nothing."""
        command = JudgeTemplate(caller().subject_id, path.template_id, body.version)
        with transaction() as uow:
            template = record_approval(command, body.provider_code, uow)
        return _kept(template).model_dump(mode="json")

    @blueprint.post("/admin/templates/<uuid:template_id>/withdraw", responses={200: KeptTemplateOut})
    @operators(roles=("catalog", "admin"))
    def withdraw(path: TemplatePath) -> dict[str, object]:
        """Let nobody choose an approved template any more; again changes nothing."""
        with transaction() as uow:
            template = withdraw_template(caller().subject_id, path.template_id, uow)
        return _kept(template).model_dump(mode="json")

    return blueprint


def _listed(templates: Sequence[Template]) -> dict[str, object]:
    return TemplatesList(items=[_out(template) for template in templates]).model_dump(mode="json")


def _kept(template: Template) -> KeptTemplateOut:
    return KeptTemplateOut(
        **_out(template).model_dump(),
        provider_code=template.provider_code,
        state=template.state,
        reason=template.reason,
    )


def _out(template: Template) -> TemplateOut:
    return TemplateOut(
        template_id=template.id,
        version=template.version,
        theme=template.theme,
        name=template.name,
        body=template.body,
        button_name=template.button_name,
        variables=list(template.variables),
        usable=template.usable,
        card_url=card_url(template),
    )


def card_url(template: Template) -> str | None:
    """Where the picture of a template is; none without any."""
    return f"/v1/cards/{template.card_key}.jpg" if template.card_key else None
