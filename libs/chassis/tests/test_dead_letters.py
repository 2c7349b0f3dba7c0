"""A dead letter is seen, and replayed to its own queue once, or given up."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from chassis_probe.service import QUEUE, consumer, effects_of, fired
from chassis_probe.wire import messages_in
from sqlalchemy import select

from chassis import dead_letters
from chassis.database import Database
from chassis.dead_letters import DeadLetterSettled, DeadLetterUnknown, DeadLetterUnreadable
from chassis.ids import new_id
from chassis.receiving import Receiver
from chassis.relay import Relay
from chassis.tables import outbox
from chassis.testing.events import enveloped, eventually
from contracts.envelope import Envelope

Running = Callable[[Any], AbstractContextManager[None]]


def bury(database: Database, body: bytes, *, attempts: int = 3) -> UUID:
    with database.transaction() as session:
        dead_letters.store(session, QUEUE.name, body=body, error="ZeroDivisionError: by zero", attempts=attempts)
        return dead_letters.waiting(session)[-1].id


def wire(envelope: Envelope) -> bytes:
    return envelope.model_dump_json().encode()


def test_a_replayed_letter_goes_to_its_own_queue_under_its_own_id_and_is_applied(
    database: Database, broker: str, running: Running
) -> None:
    envelope = enveloped(fired("a"))
    dead_letter_id = bury(database, wire(envelope))
    with database.transaction() as session:
        dead_letters.replay(session, dead_letter_id)
    with database.transaction() as session:
        row = session.execute(select(outbox)).one()
    assert (row.exchange, row.routing_key, row.message_id) == ("", "wallet.timers", envelope.id)
    assert Relay(database, broker, producer="probe").run_once() == 1
    with running(Receiver(consumer(database, broker))):
        eventually(lambda: effects_of(database) == ["a"])


def test_a_letter_whose_message_was_applied_after_all_has_no_second_effect(database: Database, broker: str) -> None:
    envelope, probe = enveloped(fired("a")), consumer(database, broker)
    probe.handle(envelope)
    dead_letter_id = bury(database, wire(envelope))
    with database.transaction() as session:
        dead_letters.replay(session, dead_letter_id)
    Relay(database, broker, producer="probe").run_once()
    (replayed,) = messages_in(broker, QUEUE.name)
    probe.handle(Envelope.model_validate_json(replayed.body))
    assert effects_of(database) == ["a"]


def test_a_letter_is_replayed_once(database: Database) -> None:
    dead_letter_id = bury(database, wire(enveloped(fired("a"))))
    with database.transaction() as session:
        dead_letters.replay(session, dead_letter_id)
    with pytest.raises(DeadLetterSettled) as refusal, database.transaction() as session:
        dead_letters.replay(session, dead_letter_id)
    assert refusal.value.state == "replayed"
    with database.transaction() as session:
        assert len(session.execute(select(outbox)).all()) == 1


def test_a_discarded_letter_is_neither_listed_nor_replayed(database: Database) -> None:
    dead_letter_id = bury(database, wire(enveloped(fired("a"))))
    with database.transaction() as session:
        dead_letters.discard(session, dead_letter_id)
        assert dead_letters.waiting(session) == []
    with pytest.raises(DeadLetterSettled), database.transaction() as session:
        dead_letters.replay(session, dead_letter_id)


def test_an_unknown_letter_is_refused(database: Database) -> None:
    with pytest.raises(DeadLetterUnknown), database.transaction() as session:
        dead_letters.replay(session, new_id())


def test_a_letter_that_cannot_be_read_stays_for_someone_to_discard(database: Database) -> None:
    dead_letter_id = bury(database, b"\xff\x00")
    with pytest.raises(DeadLetterUnreadable), database.transaction() as session:
        dead_letters.replay(session, dead_letter_id)
    with database.transaction() as session:
        assert [row.id for row in dead_letters.waiting(session)] == [dead_letter_id]
        dead_letters.discard(session, dead_letter_id)


def test_a_letter_that_was_drained_twice_is_listed_once(database: Database) -> None:
    body = wire(enveloped(fired("a")))
    bury(database, body, attempts=3)
    bury(database, body, attempts=4)
    with database.transaction() as session:
        assert [row.attempts for row in dead_letters.waiting(session)] == [4]


def test_a_letter_that_died_again_after_its_replay_is_listed_again(database: Database) -> None:
    body = wire(enveloped(fired("a")))
    first = bury(database, body)
    with database.transaction() as session:
        dead_letters.replay(session, first)
    second = bury(database, body)
    with database.transaction() as session:
        assert [row.id for row in dead_letters.waiting(session)] == [second]


def test_the_list_goes_on_after_a_letter(database: Database) -> None:
    ids = [bury(database, wire(enveloped(fired(str(number))))) for number in range(5)]
    with database.transaction() as session:
        first = dead_letters.waiting(session, limit=2)
        rest = dead_letters.waiting(session, after=first[-1].id)
    assert [row.id for row in (*first, *rest)] == ids


def test_a_letter_is_kept_whatever_stands_in_it(database: Database) -> None:
    odd = enveloped(fired("a")).model_copy(update={"type": "odd\x00type"})
    with database.transaction() as session:
        dead_letters.store(session, QUEUE.name, body=wire(odd), error="\x00\ud800", attempts=1)
        (row,) = dead_letters.waiting(session)
    assert (row.type, row.error, row.body) == ("oddtype", "?", wire(odd))
