"""Every message twice, and every pair that touches the same subject in both orders: the same comes of it."""

from __future__ import annotations

from itertools import count

import pytest
from reliability_parts.houses import House
from reliability_parts.job import expected_deliveries
from reliability_parts.pairs import compare_orders
from reliability_parts.record import Record
from sqlalchemy.orm import Session

from chassis.consumer import Consumer, Handled
from chassis.database import Database
from contracts.envelope import Envelope
from contracts.event import Event, EventKind, StateEvent
from launcher.services import WITH_DATABASE


def test_the_job_delivers_every_event_to_everybody_who_hears_it(record: Record) -> None:
    delivered = {(delivery.queue, delivery.envelope.type) for delivery in record.deliveries}
    assert expected_deliveries() - delivered == set()


def test_a_message_delivered_twice_has_no_second_effect(record: Record) -> None:
    assert not record.not_idempotent, "\n".join(record.not_idempotent)
    print(f"{len(record.deliveries)} deliveries, each twice")


def test_a_message_that_comes_again_after_the_whole_job_has_no_second_effect(
    record: Record, houses: dict[str, House]
) -> None:
    late = Record()
    for delivery in record.deliveries:
        late.deliver_again(houses[delivery.queue.split(".", 1)[0]], delivery)
    assert not late.not_idempotent, "\n".join(late.not_idempotent)


def differing_pairs(
    record: Record, houses: dict[str, House], stages: dict[str, Database], package: str
) -> dict[str, str]:
    """The pairs whose order matters though it should not, with what is different."""
    compared = {
        f"{first} | {second}": compare_orders(houses[package], stages[package], first, second)
        for first, second in record.pairs(package)
    }
    return {pair: found for pair, found in compared.items() if found}


@pytest.mark.parametrize("package", WITH_DATABASE)
def test_two_messages_about_one_subject_leave_the_same_in_either_order(
    record: Record, houses: dict[str, House], stages: dict[str, Database], package: str
) -> None:
    differing = differing_pairs(record, houses, stages, package)
    assert not differing, "\n".join(f"{pair}\n{found}" for pair, found in differing.items())
    assert record.pairs(package)
    print(f"{package}: {len(record.pairs(package))} pairs in both orders")


class TestPlantedBugs:
    """What the tests above are there to find is found, when it is put in.

    An acknowledgement before the commit and a relay without confirms need a broker: the chassis's own tests plant them
    (test_crashes.py, test_relay.py).
    """

    def test_a_missing_inbox_is_found(
        self, record: Record, houses: dict[str, House], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("chassis.inbox.is_new", lambda *_: True)
        found = Record()
        acted = next(each for each in record.deliveries if each.queue == "ordering.control")
        found.deliver_again(houses["ordering"], acted)
        assert len(found.not_idempotent) == 1

    def test_facts_that_are_ignored_for_their_age_are_found(
        self,
        record: Record,
        houses: dict[str, House],
        stages: dict[str, Database],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        apply, newest = Consumer._apply_within, {}

        def ignore_older(consumer: Consumer, session: Session, envelope: Envelope, event: Event) -> Handled:
            age = newest.setdefault(session.connection(), {})
            if event.kind is EventKind.FACT and envelope.time < age.get(consumer.queue.name, envelope.time):
                return Handled.APPLIED
            age[consumer.queue.name] = envelope.time
            return apply(consumer, session, envelope, event)

        monkeypatch.setattr(Consumer, "_apply_within", ignore_older)
        differing = differing_pairs(record, houses, stages, "wallet")
        assert any("coupons_issued" in pair and "coupons_failed" in pair for pair in differing)

    def test_states_that_are_applied_whatever_their_version_are_found(
        self,
        record: Record,
        houses: dict[str, House],
        stages: dict[str, Database],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        read, versions = Consumer._read, count(1_000)

        def always_newest(consumer: Consumer, envelope: Envelope) -> Event:
            event = read(consumer, envelope)
            return event.model_copy(update={"version": next(versions)}) if isinstance(event, StateEvent) else event

        monkeypatch.setattr(Consumer, "_read", always_newest)
        differing = differing_pairs(record, houses, stages, "ordering")
        assert any("offer_published" in pair for pair in differing)
