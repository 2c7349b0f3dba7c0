"""Templates in PostgreSQL: a row a version."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from contracts.messaging import TemplatePublished
from messaging.application.templates import template_published
from messaging.domain.errors import TemplateNotFound
from messaging.domain.template import Template
from messaging.storage.tables import templates


class PostgresTemplates:
    """`Templates` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, template_id: UUID, version: int) -> Template:
        """Raises `TemplateNotFound`."""
        statement = select(templates).where(templates.c.id == template_id, templates.c.version == version)
        row = self._session.execute(statement).one_or_none()
        if row is None:
            raise TemplateNotFound(template_id, version)
        return _template(row)

    def latest_for_update(self, template_id: UUID) -> Template | None:
        """The newest version; other publishers of this id wait until the transaction ends."""
        self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(template_id), 0))))
        statement = select(templates).where(templates.c.id == template_id).order_by(templates.c.version.desc()).limit(1)
        row = self._session.execute(statement).one_or_none()
        return _template(row) if row is not None else None

    def add(self, template: Template) -> None:
        """Store a new version."""
        self._session.execute(insert(templates).values(asdict(template)))

    def newest(self, *, usable_only: bool) -> Sequence[Template]:
        """The newest version of each template, by theme and name."""
        statement = (
            select(templates).ext(distinct_on(templates.c.id)).order_by(templates.c.id, templates.c.version.desc())
        )
        found = [_template(row) for row in self._session.execute(statement)]
        shown = [template for template in found if template.usable or not usable_only]
        return sorted(shown, key=lambda template: (template.theme, template.name, template.id))


def templates_to_republish(session: Session, batch_rows: int) -> Iterator[Sequence[TemplatePublished]]:
    """The present state of every template, in bounded batches."""
    newest = PostgresTemplates(session).newest(usable_only=False)
    for start in range(0, len(newest), batch_rows):
        yield [template_published(template) for template in newest[start : start + batch_rows]]


def _template(row: Row[Any]) -> Template:
    return Template(
        id=row.id,
        version=row.version,
        provider_code=row.provider_code,
        theme=row.theme,
        name=row.name,
        body=row.body,
        button_name=row.button_name,
        usable=row.usable,
        card_key=row.card_key,
    )
