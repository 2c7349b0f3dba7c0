"""The drain of dead queues: moves their messages into the database, where a person can see them."""

import threading
from collections.abc import Sequence
from typing import Any

import structlog
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from chassis import topology
from chassis.broker import connected, keep_connected, listen
from chassis.consumer import Consumer
from chassis.database import Database, is_outage
from chassis.dead_letters import store
from chassis.receiving import ERROR_HEADER, attempts_of, body_of
from contracts.queues import Queue

logger = structlog.get_logger(__name__)

_POLL_SECONDS = 0.5
_PREFETCH = 20


class DeadLetterDrain:
    """Moves the messages of dead queues into the table; they leave the broker when they stand there."""

    def __init__(self, database: Database, broker_url: SecretStr | str, queues: Sequence[Queue]) -> None:
        self._database = database
        self._broker_url = broker_url
        self._queues = tuple(queues)

    @classmethod
    def of(cls, consumers: Sequence[Consumer[Any]]) -> "DeadLetterDrain":
        """The drain for the consumers of one process, which share a database and a broker."""
        first = consumers[0]
        return cls(first.database, first.broker_url, [consumer.queue for consumer in consumers])

    def run(self, stop: threading.Event) -> None:
        """Drain until told to stop; connect again whenever the broker was away."""
        keep_connected(stop, lambda: self._drain(stop), self._on_broker_error)

    def _on_broker_error(self, error: Exception) -> None:
        logger.warning("no connection to the broker", queue="dead letters", error=type(error).__name__)

    def _drain(self, stop: threading.Event) -> None:
        with connected(self._broker_url, name="dead letters") as connection:
            topology.declare(connection, self._queues)
            channel = connection.channel()
            channel.basic_qos(0, _PREFETCH, False)  # noqa: FBT003 - AMQP's signature
            for queue in self._queues:
                self._consume(channel, queue.name, stop)
            while not stop.is_set():
                listen(connection, _POLL_SECONDS)

    def _consume(self, channel: Any, queue: str, stop: threading.Event) -> None:
        def on_message(message: Any) -> None:
            if not stop.is_set() and self._store(queue, message, stop):
                channel.basic_ack(message.delivery_tag)

        channel.basic_consume(topology.dead_queue(queue), callback=on_message)

    def _store(self, queue: str, message: Any, stop: threading.Event) -> bool:
        while True:
            try:
                with self._database.transaction() as session:
                    store(
                        session,
                        queue,
                        body=body_of(message),
                        error=_error_of(message),
                        attempts=attempts_of(message),
                    )
            except SQLAlchemyError as error:
                if not is_outage(error):
                    raise
                logger.warning("no connection to the database", queue=queue, error=type(error).__name__)
                if stop.wait(1):
                    return False
            else:
                return True


def _error_of(message: Any) -> str:
    headers = message.headers or {}
    error = headers.get(ERROR_HEADER)
    if isinstance(error, str):
        return error
    deaths = headers.get("x-death") or [{}]
    return f"given up by the broker: {deaths[0].get('reason', 'unknown')}"
