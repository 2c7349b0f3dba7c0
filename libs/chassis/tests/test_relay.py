"""A row leaves the outbox when the broker has confirmed it, and not before."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from chassis_probe.service import QUEUE, fired
from chassis_probe.wire import Door, messages_in
from sqlalchemy import ColumnElement, func, select, text, update

from chassis import topology
from chassis.broker import BrokerError, ConfirmedPublisher, Outgoing, Verdicts, connected
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.outbox import Outbox
from chassis.relay import Relay
from chassis.tables import outbox
from chassis.testing.events import eventually
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.scheduler import MonthTurned

Running = Callable[[Any], AbstractContextManager[None]]


def say(database: Database, *events: Event) -> None:
    with database.transaction() as session:
        Outbox(session, producer="scheduler", clock=SystemClock()).add_all(events)


def rows_in_outbox(database: Database) -> int:
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(outbox)) or 0


def outbox_is_empty(database: Database) -> bool:
    return rows_in_outbox(database) == 0


def keys_in(broker: str) -> list[str]:
    events = [Envelope.model_validate_json(message.body).open() for message in messages_in(broker, QUEUE.name)]
    return [event.key for event in events]


def relay(database: Database, broker: str, **more: Any) -> Relay:
    return Relay(database, broker, producer="scheduler", **more)


def test_what_is_said_arrives_in_order_and_leaves_the_outbox(database: Database, broker: str) -> None:
    say(database, *(fired(f"{number:03}") for number in range(120)))
    assert relay(database, broker).run_once() == 120
    assert outbox_is_empty(database)
    assert keys_in(broker) == [f"{number:03}" for number in range(120)]


def test_a_message_on_the_wire_names_itself(database: Database, broker: str) -> None:
    say(database, fired("a"))
    relay(database, broker).run_once()
    (message,) = messages_in(broker, QUEUE.name)
    envelope = Envelope.model_validate_json(message.body)
    assert message.properties["message_id"] == str(envelope.id)
    assert message.properties["type"] == "scheduler.timer_fired.v1"
    assert message.properties["content_type"] == "application/cloudevents+json"
    assert message.properties["delivery_mode"] == 2


def test_two_relays_publish_each_row_once(database: Database, broker: str, running: Running) -> None:
    with running(relay(database, broker, batch_rows_max=7)), running(relay(database, broker, batch_rows_max=7)):
        for start in range(0, 300, 50):
            say(database, *(fired(f"{number:03}") for number in range(start, start + 50)))
        eventually(lambda: outbox_is_empty(database))
    assert sorted(keys_in(broker)) == [f"{number:03}" for number in range(300)]


def test_while_the_broker_is_away_rows_wait_and_go_when_it_is_back(
    database: Database, broker: str, running: Running
) -> None:
    with Door(broker) as door, running(relay(database, door.url)):
        say(database, fired("before"))
        eventually(lambda: outbox_is_empty(database))
        door.shut()
        say(database, fired("meanwhile"))
        with pytest.raises(BrokerError):
            relay(database, door.url).run_once()
        assert rows_in_outbox(database) == 1
        door.open()
        eventually(lambda: outbox_is_empty(database))
    assert keys_in(broker) == ["before", "meanwhile"]


def test_a_broker_that_does_not_answer_holds_nothing_up_for_longer_than_the_time_out(
    database: Database, broker: str, running: Running
) -> None:
    with Door(broker) as door, running(relay(database, door.url, confirm_timeout_seconds=0.5)):
        say(database, fired("before"))
        eventually(lambda: outbox_is_empty(database))
        door.freeze()
        say(database, fired("unanswered"))
        # The broker has it, but its confirmation does not come: the row must stay, and the lock on it must not.
        eventually(lambda: not outbox_is_unlocked(database))
        eventually(lambda: outbox_is_unlocked(database))
        door.thaw()
        eventually(lambda: outbox_is_empty(database), timeout_seconds=30)
    assert set(keys_in(broker)) == {"before", "unanswered"}


def outbox_is_unlocked(database: Database) -> bool:
    with database.transaction() as session:
        return bool(session.scalars(select(outbox.c.seq).with_for_update(skip_locked=True)).all())


def put_off_to(database: Database, at: ColumnElement[datetime]) -> None:
    with database.transaction() as session:
        session.execute(update(outbox).values(next_try_at=at))


def test_what_no_queue_took_stays_and_goes_when_the_queue_is_there_again(
    database: Database, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(database, fired("a"))
    with connected(broker, name="test") as connection, connection.channel() as channel:
        channel.queue_delete(QUEUE.name)
    with monkeypatch.context() as blind:
        # The relay's first declaration would bring the queue back before anything could be returned.
        blind.setattr(topology, "declare", lambda *_: None)
        assert relay(database, broker).run_once() == 0
    with database.transaction() as session:
        row = session.execute(select(outbox)).one()
    assert (row.tries, row.last_error) == (1, "no queue took it")
    assert row.next_try_at > row.created_at
    put_off_to(database, func.clock_timestamp() + timedelta(hours=1))
    assert relay(database, broker).run_once() == 0

    put_off_to(database, func.clock_timestamp())
    assert relay(database, broker).run_once() == 1
    assert keys_in(broker) == ["a"]


def test_what_nobody_hears_is_gone_once_confirmed(database: Database, broker: str) -> None:
    say(database, MonthTurned(month="2026-03", began_at=fired("a").fired_at))
    assert relay(database, broker).run_once() == 1
    assert outbox_is_empty(database)


def test_what_the_broker_refuses_stays_and_is_tried_later(database: Database, broker: str) -> None:
    """A full queue with overflow `reject-publish` answers with a nack: a real one, from the real broker."""
    with connected(broker, name="test") as connection, connection.channel() as channel:
        channel.queue_declare(
            "full", durable=True, auto_delete=False, arguments={"x-max-length": 1, "x-overflow": "reject-publish"}
        )
        publisher = ConfirmedPublisher(connection)
        publisher.publish([Outgoing("", "full", b"{}", "m", "t")])
    say(database, fired("a"), fired("b"))
    with database.transaction() as session:
        session.execute(update(outbox).where(outbox.c.envelope.contains('"b"')).values(exchange="", routing_key="full"))
    try:
        assert relay(database, broker).run_once() == 1
        with database.transaction() as session:
            row = session.execute(select(outbox)).one()
        assert (row.routing_key, row.tries, row.last_error) == ("full", 1, "refused")
        assert keys_in(broker) == ["a"]
    finally:
        with connected(broker, name="test") as connection, connection.channel() as channel:
            channel.queue_delete("full")


def test_without_confirms_a_message_is_lost_with_the_connection(
    database: Database, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: taking a message for arrived when it was only sent."""

    def send_only(self: ConfirmedPublisher, messages: list[Outgoing]) -> Verdicts:
        self._wait_for_answers = lambda: None  # type: ignore[method-assign]
        return honest(self, messages)

    honest = ConfirmedPublisher.publish
    say(database, fired("a"))
    with Door(broker) as door, connected(door.url, name="test") as connection:
        publisher = ConfirmedPublisher(connection)
        door.shut_silently()
        with monkeypatch.context() as planted:
            planted.setattr(ConfirmedPublisher, "publish", send_only)
            relay(database, door.url)._publish_batch(connection, publisher)
        door.slam()
        assert outbox_is_empty(database)
    assert keys_in(broker) == []


def test_with_confirms_the_same_message_stays(database: Database, broker: str) -> None:
    say(database, fired("a"))
    with Door(broker) as door, connected(door.url, name="test") as connection:
        publisher = ConfirmedPublisher(connection, timeout_seconds=0.3)
        door.shut_silently()
        with pytest.raises(BrokerError):
            relay(database, door.url)._publish_batch(connection, publisher)
        door.slam()
    assert rows_in_outbox(database) == 1


def test_the_topology_is_declared_again_without_complaint(broker: str) -> None:
    began = time.monotonic()
    topology.declare(broker)
    topology.declare(broker)
    assert time.monotonic() - began < 30


def _are_gone(database: Database, pids: Sequence[int]) -> bool:
    with database.apart() as session:
        left = session.scalars(text("SELECT pid FROM pg_stat_activity WHERE pid = ANY(:pids)"), {"pids": list(pids)})
        return not left.all()


def test_a_relay_goes_on_when_the_database_was_away(database: Database, broker: str, running: Running) -> None:
    with running(relay(database, broker)):
        say(database, fired("before"))
        eventually(lambda: outbox_is_empty(database))
        with database.transaction() as session:
            others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ended = session.scalars(text(others)).all()
            session.execute(text("SELECT pg_terminate_backend(pid) FROM unnest(:pids) AS pid"), {"pids": list(ended)})
        eventually(lambda: _are_gone(database, ended))
        say(database, fired("after"))
        eventually(lambda: outbox_is_empty(database))
    assert keys_in(broker) == ["before", "after"]


def test_a_relay_ends_when_told_to(database: Database, broker: str) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=relay(database, broker).run, args=(stop,))
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
