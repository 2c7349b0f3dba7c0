"""Consumers: a handler's effects and the note that its message was applied are one transaction.

What the broker does (acknowledging, delayed redelivery, dead letters) is in `chassis.receiving`.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Generic, TypeVar

from opentelemetry.trace import SpanKind
from pydantic import SecretStr, ValidationError
from sqlalchemy.orm import Session
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from chassis import context, crash, inbox, parking
from chassis.clock import Clock
from chassis.database import Database, is_contention
from chassis.propagation import continued
from contracts.envelope import Envelope
from contracts.event import Event, UnknownEventError
from contracts.queues import Queue

UnitOfWorkT = TypeVar("UnitOfWorkT")

Handler = Callable[[Any, UnitOfWorkT], None]
"""Event and unit of work in, nothing out: raising rolls everything back and lets the message come again."""

CRASH_STEPS = ("before_commit", "after_commit", "before_ack")
"""The gaps between two side effects of a delivery."""

_CONTENTION_ATTEMPTS_MAX = 3
_PARKING_ATTEMPTS_MAX = 5


class Poison(Exception):
    """The message can never be applied; it goes to the dead letters at once."""


class NotYet(Exception):
    """The fact came before what it refers to; it is parked until somebody unparks `key`."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Handled(StrEnum):
    """What became of a message."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    PARKED = "parked"


class Consumer(Generic[UnitOfWorkT]):
    """Applies the messages of one queue, each once.

    `unit_of_work` makes of the session what handlers get. A message whose handler raises comes again after
    `delays_seconds` (the last one repeated), `attempts_max` times in all, and then is a dead letter; while the database
    is away nothing is counted. Raises ValueError when handlers and queue do not name the same events.
    """

    def __init__(
        self,
        queue: Queue,
        handlers: Mapping[Any, Handler[UnitOfWorkT]],
        *,
        database: Database,
        broker_url: SecretStr | str,
        clock: Clock,
        unit_of_work: Callable[[Session], UnitOfWorkT],
        prefetch: int = 8,
        attempts_max: int = 8,
        delays_seconds: Sequence[float] = (1, 10, 60),
    ) -> None:
        if set(handlers) != set(queue.hears):
            differing = set(handlers) ^ set(queue.hears)
            raise ValueError(f"{queue.name}: handlers and queue differ in {sorted(map(str, differing))}")
        self.queue = queue
        self.database = database
        self.broker_url = broker_url
        self.prefetch = prefetch
        self.attempts_max = attempts_max
        self.delays_seconds = tuple(delays_seconds)
        self._handlers = dict(handlers)
        self._clock = clock
        self._unit_of_work = unit_of_work
        for event in queue.hears:
            crash.declare_points(*(self.crash_point(event.type, step) for step in CRASH_STEPS))

    def crash_point(self, event_type: str, step: str) -> str:
        """The name of a crash point of this queue."""
        return f"{self.queue.name}.{event_type}.{step}"

    def handle(self, envelope: Envelope) -> Handled:
        """Apply one message, as if it had come from the broker; a second time changes nothing.

        Raises `Poison` for a message that cannot be read or that nobody handles here, and what the handler raises.
        """
        event = self._read(envelope)
        self._clock.refresh()
        here = context.Context(correlation_id=envelope.correlationid, causation_id=envelope.id)
        with (
            context.use(here),
            continued(envelope.traceparent, name=f"handle {envelope.type}", kind=SpanKind.CONSUMER),
        ):
            handled = self._apply(envelope, event)
        crash.point(self.crash_point(envelope.type, "after_commit"))
        return handled

    def _read(self, envelope: Envelope) -> Event:
        try:
            event = envelope.open()
        except (UnknownEventError, ValidationError) as error:
            raise Poison(f"unreadable: {type(error).__name__}") from error
        if type(event) not in self._handlers:
            raise Poison(f"nobody handles {envelope.type} in {self.queue.name}")
        return event

    def _apply(self, envelope: Envelope, event: Event) -> Handled:
        contended = Retrying(
            stop=stop_after_attempt(_CONTENTION_ATTEMPTS_MAX),
            wait=wait_random_exponential(multiplier=0.05, max=1),
            retry=retry_if_exception(is_contention),
            reraise=True,
        )
        try:
            return contended(self._apply_once, envelope, event)
        except NotYet as not_yet:
            return contended(self._apply_or_park, envelope, event, not_yet.key)

    def _apply_once(self, envelope: Envelope, event: Event) -> Handled:
        with self.database.transaction() as session:
            handled = self._apply_within(session, envelope, event)
            crash.point(self.crash_point(envelope.type, "before_commit"))
        return handled

    def _apply_or_park(self, envelope: Envelope, event: Event, key: str) -> Handled:
        """Look again while nobody can unpark the key, and park the message if it still came too early."""
        for _ in range(_PARKING_ATTEMPTS_MAX):
            with self.database.transaction() as session:
                parking.hold(session, self.queue.name, key)
                handled, waits_for = self._apply_in_part(session, envelope, event)
                if waits_for == key:
                    parking.park(session, self.queue.name, key, envelope)
                    handled = Handled.PARKED
                crash.point(self.crash_point(envelope.type, "before_commit"))
            if handled is not None:
                return handled
            key = waits_for or key
        raise NotYet(key)

    def _apply_in_part(self, session: Session, envelope: Envelope, event: Event) -> tuple[Handled | None, str | None]:
        """What became of the message within the transaction; or nothing, undone, and the key that it waits for."""
        try:
            with session.begin_nested():
                return self._apply_within(session, envelope, event), None
        except NotYet as not_yet:
            return None, not_yet.key

    def _apply_within(self, session: Session, envelope: Envelope, event: Event) -> Handled:
        if not inbox.is_new(session, self.queue.name, envelope.id):
            return Handled.DUPLICATE
        self._handlers[type(event)](event, self._unit_of_work(session))
        session.flush()
        return Handled.APPLIED
