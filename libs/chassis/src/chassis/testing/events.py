"""Events in tests: what a service said, and handing a consumer what others say."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.consumer import Consumer
from chassis.ids import new_id
from chassis.tables import outbox
from contracts.envelope import Envelope
from contracts.event import Event

AnswerT = TypeVar("AnswerT")

_POLL_SECONDS = 0.05


def published(session: Session) -> list[Event]:
    """What stands in the outbox, in the order in which it was said."""
    rows = session.scalars(select(outbox.c.envelope).order_by(outbox.c.seq))
    return [Envelope.model_validate_json(row).open() for row in rows]


def enveloped(event: Event, *, at: datetime | None = None) -> Envelope:
    """The event in an envelope with a new message id, as its publisher's outbox would make it."""
    source = event.exchange().split(".", 1)[0]
    return Envelope.wrap(event, message_id=new_id(), source=source, at=at or datetime.now(UTC), correlation_id=new_id())


def deliver(consumer: Consumer[Any], event: Event, times: int = 1) -> Envelope:
    """Hand one message to the consumer, several times if asked, as the broker may; its envelope."""
    envelope = enveloped(event)
    for _ in range(times):
        consumer.handle(envelope)
    return envelope


def eventually(check: Callable[[], AnswerT], timeout_seconds: float = 60) -> AnswerT:
    """Ask again until the answer is true; the answer. An assertion that fails inside counts as not yet.

    Raises AssertionError after the time-out.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        failure: AssertionError | None = None
        try:
            if answer := check():
                return answer
        except AssertionError as error:
            failure = error
        if time.monotonic() > deadline:
            raise AssertionError(f"not so within {timeout_seconds} s") from failure
        time.sleep(_POLL_SECONDS)
