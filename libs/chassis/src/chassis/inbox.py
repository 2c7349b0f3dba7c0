"""Which messages a queue's consumer has applied: written in the transaction of their effects."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.tables import inbox

RETENTION = timedelta(days=30)
"""Longer than any message waits: redelivery ends within minutes, and replays come from dead letters that are read."""


def is_new(session: Session, queue: str, message_id: UUID) -> bool:
    """Note the message as applied; False when it was already.

    A second consumer that applies the same message at this moment waits here until the first commits or rolls back.
    """
    noted = insert(inbox).values(queue=queue, message_id=message_id).on_conflict_do_nothing()
    return session.execute(noted.returning(inbox.c.message_id)).scalar_one_or_none() is not None


def prune(session: Session, *, older_than: timedelta, rows_max: int = 1000) -> int:
    """Forget applied messages; the time must be longer than any message can wait to be delivered again."""
    old = (
        select(inbox.c.queue, inbox.c.message_id)
        .where(inbox.c.received_at < func.clock_timestamp() - older_than)
        .limit(rows_max)
        .with_for_update(skip_locked=True)
        .cte("old")
    )
    forget = delete(inbox).where(inbox.c.queue == old.c.queue, inbox.c.message_id == old.c.message_id)
    return len(session.execute(forget.returning(inbox.c.message_id)).all())
