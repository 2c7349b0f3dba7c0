"""The broker's side of a consumer: one connection, manual acknowledgement, delayed redelivery, dead letters.

A message is acknowledged only when its effects are committed, or when the broker has confirmed its copy in a retry or
dead queue. So whatever dies in between, the message comes again.
"""

import threading
from collections.abc import Sequence
from typing import Any

import kombu
import structlog
from pydantic import ValidationError

from chassis import broker_metrics, crash, topology
from chassis.bell import Bell
from chassis.broker import ConfirmedPublisher, Outgoing, connected, keep_connected, listen
from chassis.clock import ClockUnavailableError
from chassis.consumer import Consumer, Handled, Poison
from chassis.database import is_outage
from chassis.dead_letters import id_of_unreadable
from chassis.personal import scrubbed
from chassis.tracebacks import safe_traceback
from contracts.envelope import Envelope

logger = structlog.get_logger(__name__)

ATTEMPT_HEADER = "x-attempt"
"""How often the message was tried and failed."""
ERROR_HEADER = "x-error"
"""Why it is a dead letter."""

_ERROR_LENGTH_MAX = 2000
"""The end of a stack trace says most."""
_POLL_SECONDS = 0.5
_OUTAGE_PAUSE_SECONDS_MAX = 5.0


class UnconfirmedError(ConnectionError):
    """The broker refused the copy of a message; the original stays, and is delivered again."""


class Receiver:
    """Takes a queue's messages one after another to its consumer."""

    def __init__(self, consumer: Consumer[Any], bells: Sequence[Bell] = ()) -> None:
        self._consumer = consumer
        self._queue = consumer.queue.name
        self._bells = tuple(bells)

    def run(self, stop: threading.Event) -> None:
        """Receive until told to stop, then finish the delivery in hand; connect again whenever the broker was away."""
        keep_connected(stop, lambda: self._receive(stop), self._on_broker_error)

    def _on_broker_error(self, error: Exception) -> None:
        logger.warning("no connection to the broker", queue=self._queue, error=type(error).__name__)

    def _receive(self, stop: threading.Event) -> None:
        with connected(self._consumer.broker_url, name=f"{self._queue} consumer") as connection:
            topology.declare(connection, [self._consumer.queue])
            topology.declare_retries(connection, self._queue, self._consumer.delays_seconds)
            deliveries = self.deliveries(connection, stop)
            channel = connection.channel()
            channel.basic_qos(0, self._consumer.prefetch, False)  # noqa: FBT003 - AMQP's signature
            channel.basic_consume(self._queue, callback=deliveries.on_message)
            while not stop.is_set():
                listen(connection, _POLL_SECONDS)

    def deliveries(self, connection: kombu.Connection, stop: threading.Event) -> "Deliveries":
        """What happens to the deliveries of a connection."""
        return Deliveries(self._consumer, ConfirmedPublisher(connection), stop, self._bells)


class Deliveries:
    """What happens to each delivery of one connection."""

    def __init__(
        self, consumer: Consumer[Any], publisher: ConfirmedPublisher, stop: threading.Event, bells: Sequence[Bell]
    ) -> None:
        self._consumer = consumer
        self._queue = consumer.queue.name
        self._publisher = publisher
        self._stop = stop
        self._bells = bells

    def on_message(self, message: Any) -> None:
        """Handle, then settle. What was prefetched when told to stop is left for whoever comes next."""
        if self._stop.is_set():
            return
        try:
            envelope = Envelope.model_validate_json(message.body)
        except ValidationError:
            self._bury(message, attempts_of(message), "unreadable envelope")
            self._acknowledge(message)
            return
        if self._try(message, envelope):
            point = self._consumer.crash_point(envelope.type, "before_ack")
            if point in crash.points():
                crash.point(point)
            self._acknowledge(message)

    def _try(self, message: Any, envelope: Envelope) -> bool:
        """Handle the message, or send it on. False when it was left unsettled, because all is to end."""
        pause_seconds = 0.1
        while True:
            try:
                handled = self._consumer.handle(envelope)
            except Poison as poison:
                self._bury(message, attempts_of(message) + 1, scrubbed(str(poison)))
            except Exception as error:  # noqa: BLE001 - whatever a handler raises, the message is not lost
                if is_outage(error) or isinstance(error, ClockUnavailableError):
                    # Database or clock are away: that is no fault of the message, so no attempt is counted.
                    logger.warning("waiting for the database", queue=self._queue, error=type(error).__name__)
                    if self._stop.wait(pause_seconds):
                        return False
                    pause_seconds = min(pause_seconds * 2, _OUTAGE_PAUSE_SECONDS_MAX)
                    continue
                self._try_again_later(message, envelope, error)
            else:
                self._note(envelope, handled)
                for bell in self._bells:
                    bell.ring()
            return True

    def _try_again_later(self, message: Any, envelope: Envelope, error: Exception) -> None:
        attempts = attempts_of(message) + 1
        logger.warning(
            "handler failed",
            queue=self._queue,
            type=envelope.type,
            message_id=str(envelope.id),
            correlation_id=str(envelope.correlationid),
            attempts=attempts,
            exc_info=error,
        )
        if attempts >= self._consumer.attempts_max:
            self._bury(message, attempts, safe_traceback(error))
            return
        delays_seconds = self._consumer.delays_seconds
        delay_seconds = delays_seconds[min(attempts, len(delays_seconds)) - 1]
        self._copy(message, topology.retry_queue(self._queue, delay_seconds), {ATTEMPT_HEADER: attempts})
        broker_metrics.retried.labels(self._queue, envelope.type).inc()

    def _bury(self, message: Any, attempts: int, error: str) -> None:
        logger.error("dead letter", queue=self._queue, attempts=attempts)
        broker_metrics.dead.labels(self._queue).inc()
        headers = {ATTEMPT_HEADER: attempts, ERROR_HEADER: error[-_ERROR_LENGTH_MAX:]}
        self._copy(message, topology.dead_queue(self._queue), headers)

    def _copy(self, message: Any, queue: str, headers: dict[str, Any]) -> None:
        copy = Outgoing(
            exchange="",
            routing_key=queue,
            body=body_of(message),
            message_id=str(message.properties.get("message_id") or id_of_unreadable(body_of(message))),
            type=str(message.properties.get("type", "")),
            headers=headers,
            content_type=str(message.properties.get("content_type", "application/octet-stream")),
        )
        if not self._publisher.publish([copy]).confirmed:
            raise UnconfirmedError(queue)

    def _acknowledge(self, message: Any) -> None:
        message.channel.basic_ack(message.delivery_tag)

    def _note(self, envelope: Envelope, handled: Handled) -> None:
        broker_metrics.handled.labels(self._queue, envelope.type, handled.value).inc()
        logger.info(
            "message handled",
            queue=self._queue,
            type=envelope.type,
            message_id=str(envelope.id),
            correlation_id=str(envelope.correlationid),
            outcome=handled.value,
        )


def attempts_of(message: Any) -> int:
    """How often the message was tried; what others may have written there counts as never."""
    attempts = (message.headers or {}).get(ATTEMPT_HEADER, 0)
    return attempts if isinstance(attempts, int) else 0


def body_of(message: Any) -> bytes:
    """The message's body as bytes: py-amqp decodes those that name an encoding."""
    return message.body.encode() if isinstance(message.body, str) else bytes(message.body)
