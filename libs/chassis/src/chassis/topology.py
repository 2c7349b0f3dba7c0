"""Exchanges and queues at the broker, from the table of who hears what. Declaring again changes nothing.

Each queue of a consuming service has a queue per delay beside it, in which a message waits until it comes again, and
one for its dead letters. All are durable quorum queues, and what a queue gives on when a message expires or dies is
handed over at least once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import kombu
from pydantic import SecretStr

from chassis.broker import connected
from contracts.queues import QUEUES, Queue

CRASHES_MAX = 50
"""Deliveries of one message that may end without any answer before it is a dead letter: its consumer died of it."""

_UNLIMITED = 1_000_000_000
"""Newer brokers drop a message after 20 deliveries unless a limit is named, and older ones know no word for none."""

_NOTHING_DROPPED: dict[str, Any] = {"x-queue-type": "quorum", "x-overflow": "reject-publish"}


def dead_queue(queue: str) -> str:
    """The name of the queue of dead letters."""
    return f"{queue}.dead"


def retry_queue(queue: str, delay_seconds: float) -> str:
    """The name of the queue in which messages wait for the delay."""
    return f"{queue}.retry.{_milliseconds(delay_seconds)}"


def declare(broker: SecretStr | str | kombu.Connection, queues: Iterable[Queue] = QUEUES) -> None:
    """Declare the queues, their dead queues, and the exchanges that they are bound to."""
    if isinstance(broker, kombu.Connection):
        _declare(broker, queues)
        return
    with connected(broker, name="topology") as connection:
        _declare(connection, queues)


def declare_retries(connection: kombu.Connection, queue: str, delays_seconds: Sequence[float]) -> None:
    """Declare the queues in which messages wait to be delivered again."""
    with connection.channel() as channel:
        for delay_seconds in set(delays_seconds):
            waiting = {"x-message-ttl": _milliseconds(delay_seconds), "x-delivery-limit": _UNLIMITED}
            _declare_queue(channel, retry_queue(queue, delay_seconds), waiting | _giving_on_to(queue))


def _declare(connection: kombu.Connection, queues: Iterable[Queue]) -> None:
    with connection.channel() as channel:
        for queue in queues:
            _declare_queue(channel, dead_queue(queue.name), {"x-delivery-limit": _UNLIMITED})
            limited = {"x-delivery-limit": CRASHES_MAX}
            _declare_queue(channel, queue.name, limited | _giving_on_to(dead_queue(queue.name)))
            for event in queue.hears:
                channel.exchange_declare(event.exchange(), type="topic", durable=True, auto_delete=False)
                channel.queue_bind(queue.name, event.exchange(), event.binding_key(queue.service))


def _declare_queue(channel: Any, name: str, arguments: dict[str, Any]) -> None:
    channel.queue_declare(name, durable=True, auto_delete=False, arguments=_NOTHING_DROPPED | arguments)


def _giving_on_to(queue: str) -> dict[str, Any]:
    return {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
    }


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
