"""The transactional outbox: what a service says is a row of the transaction that makes it true."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from chassis import context
from chassis.clock import Clock
from chassis.database import Executor
from chassis.ids import new_id
from chassis.propagation import traceparent
from chassis.tables import outbox
from contracts.audit import Act, OperatorActed
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.queues import hearers

_INSERT_ROWS = 1000


class OutsideTransactionError(RuntimeError):
    """An event was to be said outside a transaction, so that it could be said of something that never came true."""


class Outbox:
    """Says events within the session's transaction: they go out if it commits, and only then.

    They belong to the request at work, unless `belongs_to` names another one: a loop that takes up rows says things
    that were asked for long ago.
    """

    def __init__(
        self,
        session: Executor,
        *,
        producer: str,
        clock: Clock,
        belongs_to: Callable[[Event], UUID | None] = lambda _event: None,
    ) -> None:
        self._session = session
        self._producer = producer
        self._clock = clock
        self._belongs_to = belongs_to

    def add(self, event: Event) -> None:
        """Say one event. Raises `OutsideTransactionError`."""
        self.add_all((event,))

    def add_all(self, events: Iterable[Event]) -> None:
        """Say events, in this order. Raises `OutsideTransactionError`."""
        add_envelopes(self._session, [(event, self._wrap(event)) for event in events])

    def add_act(self, operator_id: UUID, act: Act) -> None:
        """Say for the audit log what an operator did (IDN-24). Raises `OutsideTransactionError`."""
        self.add(
            OperatorActed(
                act_id=new_id(),
                service=self._producer,
                operator_id=operator_id,
                acted_at=self._clock.now(),
                **vars(act),
            )
        )

    def _wrap(self, event: Event) -> Envelope:
        here = context.current()
        return Envelope.wrap(
            event,
            message_id=new_id(),
            source=self._producer,
            at=self._clock.now(),
            correlation_id=self._belongs_to(event) or here.correlation_id,
            causation_id=here.causation_id,
            traceparent=traceparent(),
        )


def add_envelopes(session: Executor, messages: Iterable[tuple[Event, Envelope]]) -> None:
    """Put events that already have their envelope into the outbox. Raises `OutsideTransactionError`."""
    _insert(
        session,
        [
            {
                "message_id": envelope.id,
                "exchange": event.exchange(),
                "routing_key": event.routing_key,
                "type": event.type,
                "envelope": envelope.model_dump_json(),
                "mandatory": is_heard(event),
            }
            for event, envelope in messages
        ],
    )


def add_for_queue(session: Executor, queue: str, envelopes: Iterable[Envelope]) -> None:
    """Send messages to one queue alone, under the ids that they have. Raises `OutsideTransactionError`."""
    _insert(
        session,
        [
            {
                "message_id": envelope.id,
                "exchange": "",
                "routing_key": queue,
                "type": envelope.type,
                "envelope": envelope.model_dump_json(),
                "mandatory": True,
            }
            for envelope in envelopes
        ],
    )


def is_heard(event: Event) -> bool:
    """Whether some queue of the suite is bound to this very event, so that it may not get lost on the way."""
    return any(event.binding_key(queue.service) == event.routing_key for queue in hearers(type(event)))


def _insert(session: Executor, rows: list[dict[str, Any]]) -> None:
    if not session.in_transaction():
        raise OutsideTransactionError
    for start in range(0, len(rows), _INSERT_ROWS):
        session.execute(insert(outbox), rows[start : start + _INSERT_ROWS])
