"""Facts that came before what they refer to: kept in the consumer's database until that comes."""

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import Executor
from chassis.outbox import add_for_queue
from chassis.tables import parked_events
from contracts.envelope import Envelope


def hold(session: Executor, queue: str, key: str) -> None:
    """Make parking and unparking of this key wait for each other until the transaction ends.

    Without it a fact could look in vain, what it waits for come and find nothing parked, and the fact then be parked
    for ever.
    """
    session.execute(select(func.pg_advisory_xact_lock(_lock_id(queue, key))))


def park(session: Executor, queue: str, key: str, envelope: Envelope) -> None:
    """Keep the message for `unpark`; parked twice is once."""
    row = insert(parked_events).values(
        queue=queue, message_id=envelope.id, key=key, type=envelope.type, envelope=envelope.model_dump_json()
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=[parked_events.c.queue, parked_events.c.message_id], set_={"key": row.excluded.key}
        )
    )


def unpark(session: Executor, queue: str, key: str) -> int:
    """Send everything that waits for the key to its queue again, through the outbox; the number of messages.

    Call it in the transaction that brings what they wait for, after it was written.
    """
    hold(session, queue, key)
    waiting = delete(parked_events).where(parked_events.c.queue == queue, parked_events.c.key == key)
    envelopes = session.scalars(waiting.returning(parked_events.c.envelope)).all()
    add_for_queue(session, queue, map(Envelope.model_validate_json, envelopes))
    return len(envelopes)


def _lock_id(queue: str, key: str) -> ColumnElement[int]:
    return func.hashtextextended(f"parked {queue} {key}", 0)
