"""Connections to the broker, and publishing that is over only when the broker has answered for every message."""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import amqp
import kombu
from amqp.exceptions import AMQPError
from kombu.exceptions import OperationalError
from pydantic import SecretStr
from tenacity import wait_random_exponential

from contracts.envelope import CONTENT_TYPE

HEARTBEAT_SECONDS = 30
CONNECT_TIMEOUT_SECONDS = 5
ANSWER_TIMEOUT_SECONDS = 10
"""How long the broker may take to answer anything: a blocked or frozen broker must not hang a process."""

_PERSISTENT = 2
_PAUSE_SECONDS_MAX = 5.0

BrokerError = (AMQPError, OperationalError, OSError)
"""What a broker that is away, blocked or closing raises through kombu and py-amqp."""


class ConfirmTimeoutError(ConnectionError):
    """The broker did not answer for every message in time."""


@contextmanager
def connected(url: SecretStr | str, *, name: str) -> Iterator[kombu.Connection]:
    """An open connection of that name, closed at the end of the block; after an error it is cut instead."""
    connection = kombu.Connection(
        url.get_secret_value() if isinstance(url, SecretStr) else url,
        heartbeat=HEARTBEAT_SECONDS,
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        transport_options={
            "client_properties": {"connection_name": name},
            "write_timeout": ANSWER_TIMEOUT_SECONDS,
            "socket_settings": {socket.TCP_USER_TIMEOUT: ANSWER_TIMEOUT_SECONDS * 1000},
        },
    )
    link = connection.connect()
    # Every answer that is waited for without a time-out of its own is waited for this long.
    link.transport.sock.settimeout(ANSWER_TIMEOUT_SECONDS)
    try:
        yield connection
    except BaseException:
        # Something went wrong: cut the line, since who is asked to say goodbye may be gone. The broker takes back
        # whatever was not acknowledged.
        link.collect()
        raise
    connection.release()


def listen(connection: kombu.Connection, seconds: float) -> None:
    """Take what the broker sends until something came or the time is over, and keep the heartbeat going.

    Raises what a lost connection raises.
    """
    try:
        connection.drain_events(timeout=seconds)
    except TimeoutError:
        connection.heartbeat_check()


def keep_connected(stop: threading.Event, work: Callable[[], None], on_error: Callable[[Exception], None]) -> None:
    """Do `work` until told to stop; whenever the broker is away, begin anew after a growing pause."""
    pause = wait_random_exponential(multiplier=0.2, max=_PAUSE_SECONDS_MAX)
    failures = _Failures()
    while not stop.is_set():
        began = time.monotonic()
        try:
            work()
        except BrokerError as error:
            on_error(error)
            if time.monotonic() - began > _PAUSE_SECONDS_MAX:
                failures.attempt_number = 0
            failures.attempt_number += 1
            stop.wait(pause(failures))  # type: ignore[arg-type]


@dataclass
class _Failures:
    """What tenacity's waits ask of a retry."""

    attempt_number: int = 0


@dataclass(frozen=True)
class Outgoing:
    """One message on its way to the broker."""

    exchange: str
    routing_key: str
    body: bytes
    message_id: str
    type: str
    headers: dict[str, Any] = field(default_factory=dict)
    mandatory: bool = True
    content_type: str = CONTENT_TYPE


@dataclass(frozen=True)
class Verdicts:
    """The broker's answer for each message of a batch, by its place in the batch."""

    confirmed: frozenset[int]
    nacked: frozenset[int]
    returned: frozenset[int]
    """Confirmed as well, but no queue took it."""


class ConfirmedPublisher:
    """Publishes over one channel in confirm mode. Not to be shared between threads."""

    def __init__(self, connection: kombu.Connection, *, timeout_seconds: float = ANSWER_TIMEOUT_SECONDS) -> None:
        self._connection = connection
        self._timeout_seconds = timeout_seconds
        self._channel = connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._on_ack)
        self._channel.events["basic_nack"].add(self._on_nack)
        self._channel.events["basic_return"].add(self._on_return)
        self._last_tag = 0
        self._pending: dict[int, int] = {}
        self._nacked: set[int] = set()
        self._returned_ids: set[str] = set()

    def publish(self, messages: Sequence[Outgoing]) -> Verdicts:
        """Publish all and wait until the broker has answered for each.

        Raises `ConfirmTimeoutError`, and what a lost connection raises; then some may have arrived all the same, and
        publisher and connection are not to be used again.
        """
        self._pending.clear()
        self._nacked.clear()
        self._returned_ids.clear()
        for place, message in enumerate(messages):
            self._last_tag += 1
            self._pending[self._last_tag] = place
            self._channel.basic_publish(
                amqp.Message(
                    message.body,
                    content_type=message.content_type,
                    delivery_mode=_PERSISTENT,
                    message_id=message.message_id,
                    type=message.type,
                    application_headers=message.headers,
                ),
                exchange=message.exchange,
                routing_key=message.routing_key,
                mandatory=message.mandatory,
                timeout=self._timeout_seconds,
            )
        self._wait_for_answers()
        returned = {place for place, message in enumerate(messages) if message.message_id in self._returned_ids}
        nacked = frozenset(self._nacked)
        return Verdicts(
            confirmed=frozenset(range(len(messages))) - nacked - returned,
            nacked=nacked,
            returned=frozenset(returned - nacked),
        )

    def _wait_for_answers(self) -> None:
        deadline = time.monotonic() + self._timeout_seconds
        while self._pending:
            remaining_seconds = deadline - time.monotonic()
            if remaining_seconds <= 0:
                raise ConfirmTimeoutError(f"{len(self._pending)} messages unanswered")
            try:
                self._connection.drain_events(timeout=remaining_seconds)
            except TimeoutError:
                continue

    def _answered(self, tag: int, multiple: bool) -> list[int]:  # noqa: FBT001 - py-amqp's signature
        tags = [pending for pending in self._pending if pending <= tag] if multiple else [tag]
        return [self._pending.pop(answered) for answered in tags if answered in self._pending]

    def _on_ack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 - py-amqp's signature
        self._answered(tag, multiple)

    def _on_nack(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 - py-amqp's signature
        self._nacked.update(self._answered(tag, multiple))

    def _on_return(self, _error: Exception, _exchange: str, _routing_key: str, message: Any) -> None:
        self._returned_ids.add(message.properties["message_id"])
