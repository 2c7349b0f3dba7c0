"""Operators publish message templates; each change is a new version, so that what was chosen stays (MSG-04)."""

from dataclasses import dataclass, replace
from uuid import UUID

from contracts.audit import OperatorActed
from contracts.messaging import TemplatePublished
from messaging.application.ports import UnitOfWork
from messaging.domain.card import Card
from messaging.domain.errors import TemplateNotFound
from messaging.domain.template import Template


@dataclass(frozen=True)
class PublishTemplate:
    """The text that the provider approved under a code."""

    operator_id: UUID
    template_id: UUID
    provider_code: str
    theme: str
    name: str
    body: str
    button_name: str
    usable: bool


def publish_template(command: PublishTemplate, uow: UnitOfWork) -> Template:
    """Store a new version and say it; the same content again changes nothing."""
    latest = uow.templates.latest_for_update(command.template_id)
    template = Template(
        id=command.template_id,
        version=latest.version if latest else 1,
        provider_code=command.provider_code,
        theme=command.theme,
        name=command.name,
        body=command.body,
        button_name=command.button_name,
        usable=command.usable,
        card_key=latest.card_key if latest else "",
    )
    if template == latest:
        return latest
    if latest is not None:
        template = replace(template, version=latest.version + 1)
    _publish(template, latest, command.operator_id, uow)
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
    latest = uow.templates.latest_for_update(command.template_id)
    if latest is None:
        raise TemplateNotFound(command.template_id)
    if latest.card_key == card.key:
        return latest
    uow.cards.add(card)
    template = replace(latest, version=latest.version + 1, card_key=card.key)
    _publish(template, latest, command.operator_id, uow)
    return template


def _publish(template: Template, latest: Template | None, operator_id: UUID, uow: UnitOfWork) -> None:
    uow.templates.add(template)
    uow.outbox.add(template_published(template))
    uow.outbox.add(
        OperatorActed(
            act_id=uow.new_id(),
            service="messaging",
            operator_id=operator_id,
            action="template.published",
            target_kind="template",
            target_id=str(template.id),
            before=_shown(latest) if latest else None,
            after=_shown(template),
            acted_at=uow.now(),
        )
    )


def _shown(template: Template) -> dict[str, object]:
    return {"version": template.version, "body": template.body, "card": template.card_key}


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
