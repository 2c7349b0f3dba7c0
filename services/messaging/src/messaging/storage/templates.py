"""Templates in PostgreSQL: a row a version."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, insert, literal, or_, select, true, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from contracts.messaging import TemplatePublished
from messaging.application.templates import TOLD, template_published
from messaging.domain.errors import TemplateNotFound
from messaging.domain.template import Template
from messaging.domain.template_approval import TemplateState
from messaging.storage.tables import templates

_TOLD = templates.c.state.in_([state.value for state in TOLD])


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
        self._session.execute(insert(templates).values({**asdict(template), "state": template.state.value}))

    def save(self, template: Template) -> None:
        """Store where a version stands, and under which code."""
        self._set(
            template,
            state=template.state.value,
            reason=template.reason,
            provider_code=template.provider_code,
            next_look_at=None,
            lease_until=None,
        )

    def look_again(self, template: Template, at: datetime) -> None:
        """Let a submitted version wait until then."""
        self._set(template, next_look_at=at, lease_until=None)

    def newest(self) -> Sequence[Template]:
        """The newest version of each template, by theme and name."""
        return self._newest(true())

    def told(self) -> Sequence[Template]:
        """Of each template the newest version that was approved or withdrawn, by theme and name."""
        return self._newest(_TOLD)

    def told_of(self, template_id: UUID) -> Template | None:
        """Of one template the newest version that was approved or withdrawn."""
        return next(iter(self._newest(_TOLD & (templates.c.id == template_id))), None)

    def code_stands_for_another(self, template: Template) -> bool:
        """Whether the code was submitted or approved for another text than this one's."""
        other = select(templates.c.id).where(
            templates.c.provider_code == template.provider_code,
            templates.c.state != TemplateState.DRAFT.value,
            tuple_(templates.c.body, templates.c.button_name) != (template.body, template.button_name),
        )
        return self._session.execute(other.limit(1)).first() is not None

    def claim_submitted(self, lease: timedelta, now: datetime) -> Template | None:
        """A submitted version that is due, for this worker under a lease of the database's clock."""
        due = (
            select(templates.c.id, templates.c.version)
            .where(
                templates.c.state == TemplateState.SUBMITTED.value,
                or_(templates.c.next_look_at.is_(None), templates.c.next_look_at <= now),
                or_(templates.c.lease_until.is_(None), templates.c.lease_until < func.clock_timestamp()),
            )
            .order_by(templates.c.next_look_at.nulls_first(), templates.c.id, templates.c.version)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        claimed = (
            update(templates)
            .where(templates.c.id == due.c.id, templates.c.version == due.c.version)
            .values(lease_until=func.clock_timestamp() + literal(lease))
            .returning(templates)
        )
        row = self._session.execute(claimed).one_or_none()
        return _template(row) if row is not None else None

    def _newest(self, wanted: ColumnElement[bool]) -> list[Template]:
        statement = (
            select(templates)
            .ext(distinct_on(templates.c.id))
            .where(wanted)
            .order_by(templates.c.id, templates.c.version.desc())
        )
        found = [_template(row) for row in self._session.execute(statement)]
        return sorted(found, key=lambda template: (template.theme, template.name, template.id))

    def _set(self, template: Template, **values: Any) -> None:
        this = (templates.c.id == template.id) & (templates.c.version == template.version)
        self._session.execute(update(templates).where(this).values(**values))


def templates_to_republish(session: Session, batch_rows: int) -> Iterator[Sequence[TemplatePublished]]:
    """The present state of every template that others were told of, in bounded batches."""
    newest = PostgresTemplates(session).told()
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
        state=TemplateState(row.state),
        card_key=row.card_key,
        reason=row.reason,
    )
