"""Operators draft templates and submit them; each change is a new version, so that what was chosen stays (MSG-04)."""

from dataclasses import dataclass, replace
from uuid import UUID

from contracts.audit import Act
from contracts.messaging import TemplatePublished
from messaging.application.ports import UnitOfWork
from messaging.domain.card import Card
from messaging.domain.errors import ProviderCodeTaken, TemplateChanged, TemplateNotFound, TemplateStepNotAllowed
from messaging.domain.template import Template
from messaging.domain.template_approval import TemplateState, TemplateStep


@dataclass(frozen=True)
class DraftTemplate:
    """A text, and the code that is to stand for it at the provider."""

    operator_id: UUID
    template_id: UUID
    provider_code: str
    theme: str
    name: str
    body: str
    button_name: str


def draft_template(command: DraftTemplate, uow: UnitOfWork) -> Template:
    """Store a new version; the same content again changes nothing.

    Another text is a draft, beside which the approved version goes on being used. The same text keeps its judgement.
    """
    latest = uow.templates.latest_for_update(command.template_id)
    template = Template(
        id=command.template_id,
        version=1,
        provider_code=command.provider_code,
        theme=command.theme,
        name=command.name,
        body=command.body,
        button_name=command.button_name,
        state=TemplateState.DRAFT,
    )
    if latest is not None:
        template = latest.followed_by(replace(template, card_key=latest.card_key))
        if replace(template, version=latest.version) == latest:
            return latest
    _add(template, latest, "template.changed", command.operator_id, uow)
    return template


@dataclass(frozen=True)
class PutCard:
    """The picture of a template."""

    operator_id: UUID
    template_id: UUID
    content: bytes


def put_card(command: PutCard, uow: UnitOfWork) -> Template:
    """Give a template its picture, as a new version; the same picture again changes nothing.

    Raises `TemplateNotFound`, `CardNotAllowed`.
    """
    card = Card.of(command.content)
    latest = _latest(command.template_id, uow)
    if latest.card_key == card.key:
        return latest
    uow.cards.add(card)
    template = latest.followed_by(replace(latest, card_key=card.key))
    _add(template, latest, "template.changed", command.operator_id, uow)
    return template


@dataclass(frozen=True)
class JudgeTemplate:
    """A version that an operator looked at."""

    operator_id: UUID
    template_id: UUID
    version: int


def submit_template(command: JudgeTemplate, uow: UnitOfWork) -> Template:
    """Have the provider asked for its approval; again changes nothing.

    Raises `TemplateNotFound`, `TemplateChanged`, `TemplateStepNotAllowed`, `ProviderCodeTaken`.
    """
    latest = _looked_at(command, uow)
    if latest.state is TemplateState.SUBMITTED:
        return latest
    submitted = latest.stepped(TemplateStep.SUBMIT)
    _see_code_free(submitted, uow)
    return _save(submitted, latest, "template.submitted", command.operator_id, uow)


def record_approval(command: JudgeTemplate, provider_code: str, uow: UnitOfWork) -> Template:
    """Note that the provider approved this version outside of this service; again changes nothing.

    Raises `TemplateNotFound`, `TemplateChanged`, `TemplateStepNotAllowed`, `ProviderCodeTaken`.
    """
    latest = _looked_at(command, uow)
    if latest.usable and latest.provider_code == provider_code:
        return latest
    approved = replace(latest.stepped(TemplateStep.RECORD_APPROVAL), provider_code=provider_code)
    _see_code_free(approved, uow)
    uow.outbox.add(template_published(approved))
    return _save(approved, latest, "template.approval_recorded", command.operator_id, uow)


def withdraw_template(operator_id: UUID, template_id: UUID, uow: UnitOfWork) -> Template:
    """Let nobody choose a template any more, as a new version; again changes nothing.

    Raises `TemplateNotFound`, `TemplateStepNotAllowed`.
    """
    latest = _latest(template_id, uow)
    if latest.state is TemplateState.WITHDRAWN:
        return latest
    used = uow.templates.told_of(template_id)
    if used is None:
        raise TemplateStepNotAllowed(latest.state.value, TemplateStep.WITHDRAW.value)
    withdrawn = replace(used.stepped(TemplateStep.WITHDRAW), version=latest.version + 1)
    _add(withdrawn, latest, "template.withdrawn", operator_id, uow)
    return withdrawn


def _latest(template_id: UUID, uow: UnitOfWork) -> Template:
    latest = uow.templates.latest_for_update(template_id)
    if latest is None:
        raise TemplateNotFound(template_id)
    return latest


def _looked_at(command: JudgeTemplate, uow: UnitOfWork) -> Template:
    latest = _latest(command.template_id, uow)
    if latest.version != command.version:
        raise TemplateChanged(latest.version)
    return latest


def _see_code_free(template: Template, uow: UnitOfWork) -> None:
    if uow.templates.code_stands_for_another(template):
        raise ProviderCodeTaken(template.provider_code)


def _add(template: Template, latest: Template | None, action: str, operator_id: UUID, uow: UnitOfWork) -> None:
    uow.templates.add(template)
    if template.state in TOLD:
        uow.outbox.add(template_published(template))
    _audit(template, latest, action, operator_id, uow)


def _save(template: Template, before: Template, action: str, operator_id: UUID, uow: UnitOfWork) -> Template:
    uow.templates.save(template)
    _audit(template, before, action, operator_id, uow)
    return template


def _audit(template: Template, before: Template | None, action: str, operator_id: UUID, uow: UnitOfWork) -> None:
    act = Act(action, "template", str(template.id), _shown(before) if before else None, _shown(template))
    uow.outbox.add_act(operator_id, act)


def _shown(template: Template) -> dict[str, object]:
    return {
        "version": template.version,
        "state": template.state.value,
        "provider_code": template.provider_code,
        "body": template.body,
        "card": template.card_key,
    }


TOLD = (TemplateState.APPROVED, TemplateState.WITHDRAWN)
"""The states that others are told of; a draft is nobody's business yet."""


def template_published(template: Template) -> TemplatePublished:
    """The whole present state of a template."""
    return TemplatePublished(
        template_id=template.id,
        version=template.version,
        theme=template.theme,
        name=template.name,
        body=template.body,
        variables=template.variables,
        usable=template.usable,
    )
