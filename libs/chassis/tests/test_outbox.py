"""What is said is a row of the transaction that makes it true."""

import json

import pytest
from chassis_probe.service import effects_of, fired, write_down
from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import context
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.ids import new_id
from chassis.outbox import Outbox, OutsideTransactionError
from chassis.tables import outbox
from chassis.testing.events import published
from contracts.examples import example
from contracts.scheduler import TimerFired
from contracts.wallet import ChargeCredited


def test_an_event_is_said_when_its_transaction_commits(database: Database, fixed_clock: FixedClock) -> None:
    event = fired("a")
    with database.transaction() as session:
        write_down(event, session)
        Outbox(session, producer="scheduler", clock=fixed_clock).add(event)
    with database.transaction() as session:
        assert published(session) == [event]
    assert effects_of(database) == ["a"]


def test_an_event_is_not_said_when_its_transaction_fails(database: Database, fixed_clock: FixedClock) -> None:
    def say_and_fail() -> None:
        with database.transaction() as session:
            write_down(fired("a"), session)
            Outbox(session, producer="scheduler", clock=fixed_clock).add(fired("a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        say_and_fail()
    with database.transaction() as session:
        assert published(session) == []
    assert effects_of(database) == []


def test_nothing_can_be_said_outside_a_transaction(database: Database, fixed_clock: FixedClock) -> None:
    with Session(database.engine) as session, pytest.raises(OutsideTransactionError):
        Outbox(session, producer="scheduler", clock=fixed_clock).add(fired("a"))


def test_events_keep_their_order(database: Database, fixed_clock: FixedClock) -> None:
    events = [fired(f"{number:04}") for number in range(2500)]
    with database.transaction() as session:
        Outbox(session, producer="scheduler", clock=fixed_clock).add_all(events)
    with database.transaction() as session:
        assert published(session) == events


def test_the_envelope_carries_the_request_and_the_clocks_time(database: Database, fixed_clock: FixedClock) -> None:
    here = context.Context(correlation_id=new_id(), causation_id=new_id())
    with context.use(here), database.transaction() as session:
        Outbox(session, producer="scheduler", clock=fixed_clock).add(fired("a"))
    with database.transaction() as session:
        row = session.execute(select(outbox)).one()
    envelope = json.loads(row.envelope)
    assert envelope["correlationid"] == str(here.correlation_id)
    assert envelope["causationid"] == str(here.causation_id)
    assert envelope["time"] == "2026-03-02T00:00:00Z"
    assert envelope["source"] == "scheduler"
    assert envelope["id"] == str(row.message_id)
    assert row.message_id.version == 7
    assert (row.exchange, row.routing_key) == ("scheduler.events", "scheduler.timer_fired.v1.wallet")


def test_an_event_may_belong_to_an_earlier_request_than_the_one_at_work(
    database: Database, fixed_clock: FixedClock
) -> None:
    earlier, here = new_id(), context.Context(correlation_id=new_id(), causation_id=new_id())
    of_event = {fired("a").subject: earlier}
    with context.use(here), database.transaction() as session:
        outbox_of_loop = Outbox(
            session, producer="scheduler", clock=fixed_clock, belongs_to=lambda event: of_event.get(event.subject)
        )
        outbox_of_loop.add_all([fired("a"), fired("b")])
    with database.transaction() as session:
        envelopes = [json.loads(envelope) for envelope in session.scalars(select(outbox.c.envelope))]
    assert [each["correlationid"] for each in envelopes] == [str(earlier), str(here.correlation_id)]
    assert {each["causationid"] for each in envelopes} == {str(here.causation_id)}


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (fired("a"), True),
        (TimerFired(**fired("a").model_dump() | {"asker": "nobody"}), False),
        (ChargeCredited.model_validate(example(ChargeCredited.type)), False),
    ],
    ids=["its asker hears it", "an asker without a queue", "nobody hears it yet"],
)
def test_only_what_a_queue_hears_must_be_taken_by_one(
    database: Database, fixed_clock: FixedClock, event: TimerFired | ChargeCredited, heard: bool
) -> None:
    with database.transaction() as session:
        Outbox(session, producer="scheduler", clock=fixed_clock).add(event)
        assert session.scalar(select(outbox.c.mandatory)) is heard
