"""Dead letters in the database, where a person can see, replay or discard them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from pydantic import ValidationError
from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from chassis.ids import new_id
from chassis.outbox import add_for_queue
from chassis.problems import NotFound, ProblemType
from chassis.tables import dead_letters
from contracts.envelope import Envelope

_UNREADABLE = UUID("0198f0a5-0000-7000-8000-000000000000")
"""Namespace of the ids that unreadable messages get, each by its body."""


class DeadLetterUnknown(NotFound):
    """No dead letter has this id."""

    def __init__(self, dead_letter_id: UUID) -> None:
        super().__init__(str(dead_letter_id))
        self.dead_letter_id = dead_letter_id


class DeadLetterSettled(Exception):
    """It was replayed or discarded before."""

    def __init__(self, dead_letter_id: UUID, state: str) -> None:
        super().__init__(f"{dead_letter_id} is {state}")
        self.dead_letter_id = dead_letter_id
        self.state = state


class DeadLetterUnreadable(Exception):
    """Its body is no envelope, so sending it again could only bring it back."""

    def __init__(self, dead_letter_id: UUID) -> None:
        super().__init__(str(dead_letter_id))
        self.dead_letter_id = dead_letter_id


PROBLEMS: dict[type[Exception], ProblemType] = {
    DeadLetterSettled: ProblemType(
        "dead_letter_settled",
        409,
        "이미 처리된 메시지입니다. 상태: {state}",
        "The message was settled before: {state}.",
        members=("state",),
    ),
    DeadLetterUnreadable: ProblemType(
        "dead_letter_unreadable",
        409,
        "읽을 수 없는 메시지는 다시 보낼 수 없습니다.",
        "A message that cannot be read cannot be replayed.",
    ),
}


def waiting(session: Session, *, after: UUID | None = None, limit: int = 50) -> Sequence[Row[Any]]:
    """Dead letters that nobody has settled, ordered by id, beginning after one."""
    query = select(dead_letters).where(dead_letters.c.state == "waiting").order_by(dead_letters.c.id).limit(limit)
    if after is not None:
        query = query.where(dead_letters.c.id > after)
    return session.execute(query).all()


def replay(session: Session, dead_letter_id: UUID) -> None:
    """Send the message once more to the queue that it died in, and nowhere else, through the outbox.

    It keeps its id. Its handler's transactions were all rolled back, so the inbox does not know it; had it been applied
    after all, the replay has no effect. Raises `DeadLetterUnknown`, `DeadLetterSettled`, `DeadLetterUnreadable`.
    """
    row = _settle(session, dead_letter_id, "replayed")
    try:
        envelope = Envelope.model_validate_json(row.body)
    except ValidationError:
        raise DeadLetterUnreadable(dead_letter_id) from None
    add_for_queue(session, row.queue, [envelope])


def discard(session: Session, dead_letter_id: UUID) -> None:
    """Give the message up. Raises `DeadLetterUnknown`, `DeadLetterSettled`."""
    _settle(session, dead_letter_id, "discarded")


def _settle(session: Session, dead_letter_id: UUID, state: str) -> Row[Any]:
    settled = (
        update(dead_letters)
        .where(dead_letters.c.id == dead_letter_id, dead_letters.c.state == "waiting")
        .values(state=state, settled_at=func.clock_timestamp())
        .returning(dead_letters)
    )
    row = session.execute(settled).one_or_none()
    if row is not None:
        return row
    found = session.scalar(select(dead_letters.c.state).where(dead_letters.c.id == dead_letter_id))
    if found is None:
        raise DeadLetterUnknown(dead_letter_id)
    raise DeadLetterSettled(dead_letter_id, found)


def store(session: Session, queue: str, *, body: bytes, error: str, attempts: int) -> None:
    """Keep a dead letter; the same message waits in the list once."""
    try:
        envelope = Envelope.model_validate_json(body)
    except ValidationError:
        envelope = None
    row = insert(dead_letters).values(
        id=new_id(),
        queue=queue,
        message_id=envelope.id if envelope else id_of_unreadable(body),
        type=_storable(envelope.type) if envelope else None,
        body=body,
        error=_storable(error),
        attempts=attempts,
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=[dead_letters.c.queue, dead_letters.c.message_id],
            index_where=dead_letters.c.state == text("'waiting'"),
            set_={name: row.excluded[name] for name in ("error", "attempts", "died_at")},
        )
    )


def id_of_unreadable(body: bytes) -> UUID:
    """The id of a message that has none of its own: the same body has the same."""
    return uuid5(_UNREADABLE, body.hex())


def _storable(text_of_others: str) -> str:
    """The text without what no text column takes: whoever wrote the message may have put it there."""
    return text_of_others.replace("\x00", "").encode("utf-8", "replace").decode()
