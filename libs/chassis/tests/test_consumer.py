"""A message is applied once, together with the note that it was, or not at all."""

import threading

import pytest
from chassis_probe.service import QUEUE, consumer, effects_of, fired, introduce, write_down, write_down_if_known
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from chassis import context, inbox
from chassis.clock import SystemClock
from chassis.consumer import Consumer, Handled, Poison
from chassis.database import Database
from chassis.outbox import Outbox
from chassis.tables import inbox as inbox_table
from chassis.tables import outbox, parked_events
from chassis.testing.events import deliver, enveloped, published
from contracts.envelope import Envelope
from contracts.scheduler import SetTimer, TimerFired


def test_a_message_delivered_twice_has_one_effect(database: Database) -> None:
    deliver(consumer(database), fired("a"), times=2)
    assert effects_of(database) == ["a"]


def test_without_the_inbox_the_second_delivery_shows(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "is_new", lambda *_: True)
    deliver(consumer(database), fired("a"), times=2)
    assert effects_of(database) == ["a", "a"]


def test_a_message_delivered_to_two_at_once_has_one_effect(database: Database) -> None:
    both_are_in, outcomes = threading.Barrier(2, timeout=5), []
    envelope = enveloped(fired("a"))

    def handle() -> None:
        both_are_in.wait()
        outcomes.append(consumer(database).handle(envelope))

    threads = [threading.Thread(target=handle) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [Handled.APPLIED, Handled.DUPLICATE]
    assert effects_of(database) == ["a"]


def test_a_handler_that_raises_leaves_nothing_and_may_try_again(database: Database) -> None:
    failures = iter([True, False])

    def fail_once(event: TimerFired, session: Session) -> None:
        write_down(event, session)
        if next(failures):
            raise ZeroDivisionError

    probe, envelope = consumer(database, handler=fail_once), enveloped(fired("a"))
    with pytest.raises(ZeroDivisionError):
        probe.handle(envelope)
    assert effects_of(database) == []
    assert probe.handle(envelope) is Handled.APPLIED
    assert effects_of(database) == ["a"]


def test_a_deadlock_is_tried_again_at_once(database: Database) -> None:
    attempts = []

    def lose_one_deadlock(event: TimerFired, session: Session) -> None:
        attempts.append(1)
        if len(attempts) == 1:
            session.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"))
        write_down(event, session)

    assert consumer(database, handler=lose_one_deadlock).handle(enveloped(fired("a"))) is Handled.APPLIED
    assert effects_of(database) == ["a"]


def test_what_nobody_handles_here_is_poison(database: Database) -> None:
    stranger = SetTimer(asker="wallet", key="a", version=1, due_at=fired("a").due_at)
    with pytest.raises(Poison):
        consumer(database).handle(enveloped(stranger))


def test_a_body_that_breaks_its_schema_is_poison(database: Database) -> None:
    envelope = enveloped(fired("a"))
    with pytest.raises(Poison):
        consumer(database).handle(envelope.model_copy(update={"data": {"key": 3}}))


def test_what_a_handler_says_carries_the_request_and_its_cause(database: Database) -> None:
    seen = []
    envelope = enveloped(fired("a"))
    consumer(database, handler=lambda *_: seen.append(context.current())).handle(envelope)
    assert seen == [context.Context(correlation_id=envelope.correlationid, causation_id=envelope.id)]


def test_what_a_handler_says_belongs_to_the_trace_of_what_it_heard(database: Database) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    envelope = enveloped(fired("a")).model_copy(update={"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"})

    def say(event: TimerFired, session: Session) -> None:
        Outbox(session, producer="wallet", clock=SystemClock()).add(event)

    consumer(database, handler=say).handle(envelope)
    with database.transaction() as session:
        said = Envelope.model_validate_json(session.scalars(select(outbox.c.envelope)).one())
    assert said.traceparent is not None
    assert said.traceparent.split("-")[1] == trace_id
    assert (said.correlationid, said.causationid) == (envelope.correlationid, envelope.id)


def test_a_consumer_must_handle_all_that_its_queue_hears(database: Database) -> None:
    with pytest.raises(ValueError, match=r"wallet\.timers"):
        Consumer(QUEUE, {}, database=database, broker_url="", clock=lambda: None, unit_of_work=lambda session: session)


def test_a_fact_that_comes_too_early_waits_and_is_sent_again_when_its_subject_comes(database: Database) -> None:
    probe, event = consumer(database, handler=write_down_if_known), fired("late")
    envelope = enveloped(event)
    assert probe.handle(envelope) is Handled.PARKED
    assert probe.handle(envelope) is Handled.PARKED
    assert effects_of(database) == []

    with database.transaction() as session:
        introduce(session, "late")
    with database.transaction() as session:
        assert published(session) == [event]
        assert session.scalar(select(func.count()).select_from(parked_events)) == 0
    assert probe.handle(envelope) is Handled.APPLIED
    assert effects_of(database) == ["late"]


def test_a_fact_whose_subject_comes_while_it_is_being_parked_is_applied(database: Database) -> None:
    """The subject comes after the handler looked and before the fact is parked: it must not wait for ever."""
    looks = []

    def look(event: TimerFired, session: Session) -> None:
        looks.append(1)
        try:
            write_down_if_known(event, session)
        finally:
            if len(looks) == 1:
                with database.transaction() as other:
                    introduce(other, event.key)

    assert consumer(database, handler=look).handle(enveloped(fired("late"))) is Handled.APPLIED
    assert effects_of(database) == ["late"]


def test_old_notes_of_the_inbox_are_forgotten_and_new_ones_kept(database: Database) -> None:
    probe = consumer(database)
    old = deliver(probe, fired("old"))
    new = deliver(probe, fired("new"))
    with database.transaction() as session:
        session.execute(
            inbox_table.update()
            .where(inbox_table.c.message_id == old.id)
            .values(received_at=func.clock_timestamp() - text("interval '31 days'"))
        )
        assert inbox.prune(session, older_than=inbox.RETENTION) == 1
        assert session.scalars(select(inbox_table.c.message_id)).all() == [new.id]
