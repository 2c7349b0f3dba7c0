"""Mails in PostgreSQL; what is settled is forgotten."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.clock import Clock
from messaging.domain.code import PostState
from messaging.domain.mail import Mail
from messaging.storage.tables import mails

FIRST_WAIT_SECONDS = 2
WAIT_SECONDS_MAX = 3_600


class PostgresMails:
    """`Mails` in the transaction of a session."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def add(self, mail: Mail) -> bool:
        """Queue a mail; False when it is there already."""
        statement = insert(mails).values(
            id=mail.id,
            to=mail.to,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            state=PostState.QUEUED.value,
            reason="",
            next_try_at=self._clock.now(),
        )
        return self._session.execute(statement.on_conflict_do_nothing().returning(mails.c.id)).first() is not None

    def claim(self, lease: timedelta, now: datetime) -> Mail | None:
        """The next queued mail that is due, leased to this worker."""
        free = or_(mails.c.lease_until.is_(None), mails.c.lease_until < func.clock_timestamp())
        due = (
            select(mails.c.id)
            .where(mails.c.state == PostState.QUEUED.value, mails.c.next_try_at <= now, free)
            .order_by(mails.c.next_try_at, mails.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        claimed = (
            update(mails)
            .where(mails.c.id == due.c.id)
            .values(lease_until=func.clock_timestamp() + literal(lease))
            .returning(mails)
        )
        row = self._session.execute(claimed).one_or_none()
        if row is None:
            return None
        return Mail(id=row.id, to=row.to, subject=row.subject, text=row.text, html=row.html)

    def settle(self, mail_id: UUID, state: PostState, reason: str) -> None:
        """Note the end and forget text and target."""
        self._set(
            mail_id, state=state.value, reason=reason, to=None, text=None, html=None, settled_at=self._clock.now()
        )

    def postpone(self, mail_id: UUID, reason: str, now: datetime) -> None:
        """Try again after a growing wait."""
        wait = func.least(FIRST_WAIT_SECONDS * func.power(2, mails.c.tries), WAIT_SECONDS_MAX)
        next_try_at = literal(now) + wait * literal(timedelta(seconds=1))
        self._set(mail_id, reason=reason, tries=mails.c.tries + 1, lease_until=None, next_try_at=next_try_at)

    def _set(self, mail_id: UUID, **values: Any) -> None:
        self._session.execute(update(mails).where(mails.c.id == mail_id).values(**values))
