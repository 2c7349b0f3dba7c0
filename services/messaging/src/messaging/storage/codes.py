"""One-time codes in PostgreSQL; what is settled is forgotten."""

from collections.abc import Sequence, Set
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.clock import Clock
from messaging.domain.code import CodeChannel, OutgoingCode, PostState
from messaging.storage.notification_tables import notices
from messaging.storage.tables import codes

IN_FLIGHT = "in_flight"


class PostgresCodes:
    """`Codes` in the transaction of a session."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def add(self, code: OutgoingCode) -> bool:
        """Queue a code; False when it is there already."""
        statement = insert(codes).values(
            id=code.id,
            purpose=code.purpose,
            channel=code.channel.value,
            to=code.to,
            code=code.code,
            expires_at=code.expires_at,
            state=PostState.QUEUED.value,
            reason="",
            next_try_at=self._clock.now(),
        )
        return self._session.execute(statement.on_conflict_do_nothing().returning(codes.c.id)).first() is not None

    def claim(self, channel: CodeChannel, rows_max: int, now: datetime) -> Sequence[OutgoingCode]:
        """Queued codes of a channel that are due, locked until the transaction ends, oldest first."""
        statement = (
            select(codes)
            .where(
                codes.c.state == PostState.QUEUED.value, codes.c.next_try_at <= now, codes.c.channel == channel.value
            )
            .order_by(codes.c.next_try_at, codes.c.id)
            .limit(rows_max)
            .with_for_update(skip_locked=True)
        )
        return [_code(row) for row in self._session.execute(statement)]

    def known(self, ids: Sequence[UUID]) -> Set[UUID]:
        """Which of the ids are those of codes, or of members' notices."""
        if not ids:
            return set()
        of_codes = select(codes.c.id).where(codes.c.id.in_(ids))
        of_notices = select(notices.c.id).where(notices.c.id.in_(ids))
        return set(self._session.scalars(union_all(of_codes, of_notices)))

    def claimed(self, code_ids: Sequence[UUID]) -> None:
        """Note that codes are about to leave, so that they leave once."""
        self._set(code_ids, state=PostState.SENT.value, reason=IN_FLIGHT)

    def settle(self, code_id: UUID, state: PostState, reason: str) -> None:
        """Note the end and forget code and target."""
        self._set([code_id], state=state.value, reason=reason, to=None, code=None, settled_at=self._clock.now())

    def postpone(self, code_id: UUID, reason: str, next_try_at: datetime) -> None:
        """Queue a code again that surely did not leave."""
        self._set([code_id], state=PostState.QUEUED.value, reason=reason, next_try_at=next_try_at)

    def _set(self, code_ids: Sequence[UUID], **values: Any) -> None:
        if code_ids:
            self._session.execute(update(codes).where(codes.c.id.in_(code_ids)).values(**values))


def _code(row: Row[Any]) -> OutgoingCode:
    return OutgoingCode(
        id=row.id,
        purpose=row.purpose,
        channel=CodeChannel(row.channel),
        to=row.to,
        code=row.code,
        expires_at=row.expires_at,
    )
