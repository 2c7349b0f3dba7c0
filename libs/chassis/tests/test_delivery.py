"""From the queue into the database: acknowledged when applied, put off when it fails, buried when it cannot be read."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from chassis_probe.service import QUEUE, consumer, effects_of, fired, write_down
from chassis_probe.wire import Door, messages_in
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis import topology
from chassis.broker import ConfirmedPublisher, Outgoing, connected
from chassis.consumer import Handled, NotYet, Poison
from chassis.database import Database
from chassis.dead_letter_drain import DeadLetterDrain
from chassis.receiving import ATTEMPT_HEADER, ERROR_HEADER, Receiver, body_of
from chassis.tables import dead_letters
from chassis.testing.events import enveloped, eventually
from chassis.testing.rabbitmq import empty
from contracts.envelope import Envelope
from contracts.scheduler import TimerFired

Running = Callable[[Any], AbstractContextManager[None]]

DEAD_QUEUE = topology.dead_queue(QUEUE.name)


def send(broker: str, *bodies: bytes, headers: dict[str, Any] | None = None) -> None:
    with connected(broker, name="test") as connection:
        publisher = ConfirmedPublisher(connection)
        publisher.publish([Outgoing("", QUEUE.name, body, "m", "t", headers or {}) for body in bodies])


def wire(envelope: Envelope) -> bytes:
    return envelope.model_dump_json().encode()


def is_empty(broker: str, queue: str = QUEUE.name) -> bool:
    with connected(broker, name="test") as connection, connection.channel() as channel:
        return channel.queue_declare(queue, passive=True).message_count == 0


def test_what_comes_is_applied_once_though_it_was_sent_twice(database: Database, broker: str, running: Running) -> None:
    one, two = wire(enveloped(fired("one"))), wire(enveloped(fired("two")))
    send(broker, one, two, one, two)
    with running(Receiver(consumer(database, broker))):
        eventually(lambda: is_empty(broker) and effects_of(database) == ["one", "two"])
    assert messages_in(broker, QUEUE.name) == []


def test_a_handler_that_fails_for_a_while_gets_the_message_again_after_each_delay(
    database: Database, broker: str, running: Running
) -> None:
    times = []

    def fail_twice(event: TimerFired, session: Session) -> None:
        times.append(time.monotonic())
        if len(times) <= 2:
            raise ZeroDivisionError
        write_down(event, session)

    send(broker, wire(enveloped(fired("a"))))
    with running(Receiver(consumer(database, broker, fail_twice))):
        eventually(lambda: effects_of(database) == ["a"])
    assert len(times) == 3
    assert times[1] - times[0] >= 0.05
    assert times[2] - times[1] >= 0.1
    assert messages_in(broker, DEAD_QUEUE) == []


def test_after_the_last_attempt_the_message_is_a_dead_letter_with_its_error(
    database: Database, broker: str, running: Running
) -> None:
    attempts = []

    def fail(event: TimerFired, _session: Session) -> None:
        attempts.append(event.key)
        raise ZeroDivisionError("never works")

    body = wire(enveloped(fired("a")))
    send(broker, body)
    with running(Receiver(consumer(database, broker, fail))):
        eventually(lambda: not is_empty(broker, DEAD_QUEUE))
    (dead,) = messages_in(broker, DEAD_QUEUE)
    assert attempts == ["a", "a", "a"]
    assert body_of(dead) == body
    assert dead.headers[ATTEMPT_HEADER] == 3
    assert "ZeroDivisionError" in dead.headers[ERROR_HEADER]
    assert messages_in(broker, QUEUE.name) == []


def test_poison_is_a_dead_letter_at_once(database: Database, broker: str, running: Running) -> None:
    attempts = []

    def refuse(event: TimerFired, _session: Session) -> None:
        attempts.append(event.key)
        raise Poison("makes no sense")

    send(broker, wire(enveloped(fired("a"))))
    with running(Receiver(consumer(database, broker, refuse))):
        eventually(lambda: not is_empty(broker, DEAD_QUEUE))
    assert attempts == ["a"]


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"\xff\x00\xfe", b"[]", b'{"specversion": "1.0"}'],
    ids=["empty", "text", "bytes", "list", "part"],
)
def test_what_cannot_be_read_is_a_dead_letter_and_does_not_hold_up_others(
    database: Database, broker: str, running: Running, body: bytes
) -> None:
    send(broker, body, wire(enveloped(fired("next"))))
    probe = consumer(database, broker)
    with running(Receiver(probe)), running(DeadLetterDrain.of([probe])):
        eventually(lambda: effects_of(database) == ["next"])
        row = eventually(lambda: only_dead_letter(database))
    assert (row.queue, row.type, row.body) == (QUEUE.name, None, body)


def only_dead_letter(database: Database) -> Any:
    with database.transaction() as session:
        return session.execute(select(dead_letters)).one_or_none()


def test_an_attempt_count_that_somebody_made_up_counts_as_none(
    database: Database, broker: str, running: Running
) -> None:
    send(broker, wire(enveloped(fired("a"))), headers={ATTEMPT_HEADER: "many"})
    with running(Receiver(consumer(database, broker))):
        eventually(lambda: effects_of(database) == ["a"])


def test_while_the_database_is_away_no_attempt_is_counted(database: Database, broker: str, running: Running) -> None:
    """More outages than there are attempts: the message is still applied, and no dead letter."""
    outages = []

    def lose_the_connection(event: TimerFired, session: Session) -> None:
        if len(outages) < 4:
            outages.append(1)
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        write_down(event, session)

    send(broker, wire(enveloped(fired("a"))))
    with running(Receiver(consumer(database, broker, lose_the_connection, attempts_max=1))):
        eventually(lambda: effects_of(database) == ["a"])
    assert len(outages) == 4
    assert messages_in(broker, DEAD_QUEUE) == []


def test_a_connection_that_breaks_in_the_middle_of_a_delivery_leaves_one_effect(
    database: Database, broker: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled = []
    outcomes: list[Handled] = []
    with Door(broker) as door:

        def break_the_connection(event: TimerFired, session: Session) -> None:
            write_down(event, session)
            handled.append(event.key)
            if len(handled) == 1:
                door.slam()

        send(broker, wire(enveloped(fired("a"))))
        probe = consumer(database, door.url, break_the_connection)
        handle = probe.handle
        monkeypatch.setattr(probe, "handle", lambda envelope: outcomes.append(handle(envelope)) or outcomes[-1])
        with running(Receiver(probe)):
            eventually(lambda: len(outcomes) == 2, timeout_seconds=30)
    assert handled == ["a"]
    assert effects_of(database) == ["a"]
    assert messages_in(broker, QUEUE.name) == []


def test_a_delivery_in_hand_is_finished_when_told_to_stop_and_the_others_are_left(
    database: Database, broker: str
) -> None:
    in_hand, may_end, stop = threading.Event(), threading.Event(), threading.Event()

    def wait(event: TimerFired, session: Session) -> None:
        in_hand.set()
        may_end.wait(10)
        write_down(event, session)

    send(broker, wire(enveloped(fired("in hand"))), wire(enveloped(fired("left"))))
    thread = threading.Thread(target=Receiver(consumer(database, broker, wait)).run, args=(stop,))
    thread.start()
    assert in_hand.wait(10)
    stop.set()
    may_end.set()
    thread.join(10)
    assert not thread.is_alive()
    assert effects_of(database) == ["in hand"]
    (left,) = eventually(lambda: messages_in(broker, QUEUE.name))
    assert Envelope.model_validate_json(left.body).subject == "wallet/left"


def test_a_fact_that_came_too_early_is_acknowledged_and_kept_in_the_database(
    database: Database, broker: str, running: Running
) -> None:
    outcomes = []

    def look_in_vain(event: TimerFired, _session: Session) -> None:
        raise NotYet(event.key)

    probe = consumer(database, broker, look_in_vain)
    honest = probe.handle
    probe.handle = lambda envelope: outcomes.append(honest(envelope)) or outcomes[-1]  # type: ignore[method-assign]
    send(broker, wire(enveloped(fired("a"))))
    with running(Receiver(probe)):
        eventually(lambda: outcomes == [Handled.PARKED] and is_empty(broker))
    assert messages_in(broker, DEAD_QUEUE) == []


def test_a_message_of_which_its_consumer_dies_again_and_again_is_given_up_by_the_broker(
    database: Database, broker: str, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topology, "CRASHES_MAX", 2)
    empty(broker, [QUEUE])
    topology.declare(broker, [QUEUE])
    send(broker, wire(enveloped(fired("a"))))

    def take_and_die() -> bool:
        with connected(broker, name="test") as connection, connection.channel() as channel:
            return channel.basic_get(QUEUE.name) is None

    eventually(take_and_die)
    with running(DeadLetterDrain.of([consumer(database, broker)])):
        row = eventually(lambda: only_dead_letter(database))
    assert row.error == "given up by the broker: delivery_limit"
    assert row.type == "scheduler.timer_fired.v1"


def test_a_queue_that_somebody_deletes_is_declared_again(database: Database, broker: str, running: Running) -> None:
    with running(Receiver(consumer(database, broker))):
        send(broker, wire(enveloped(fired("before"))))
        eventually(lambda: effects_of(database) == ["before"])
        with connected(broker, name="test") as connection, connection.channel() as channel:
            channel.queue_delete(QUEUE.name)

        def arrives() -> bool:
            send(broker, wire(enveloped(fired("after"))))
            return "after" in effects_of(database)

        eventually(arrives)
