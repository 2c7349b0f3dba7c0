"""Every message has a good wire name, an example that reads back the same, and hearers that name it."""

import pytest

from contracts.event import Event, EventKind, StateEvent, UnknownEventError, event_class
from contracts.every import every_event
from contracts.examples import example
from contracts.queues import QUEUES, hearers, queues_of

EVENTS = every_event()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_example_reads_back_as_it_was_written(event: type[Event]) -> None:
    body = example(event.type)
    assert event.model_validate(body).model_dump(mode="json") == body


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_a_message_names_its_subject_and_its_way(event: type[Event]) -> None:
    message = event.model_validate(example(event.type))
    publisher, _, version = event.type.split(".")
    assert message.subject
    assert message.routing_key.startswith(event.type)
    assert event.exchange() == f"{publisher}.{'commands' if event.kind is EventKind.COMMAND else 'events'}"
    assert version == "v1"


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_a_state_event_carries_a_version(event: type[Event]) -> None:
    assert issubclass(event, StateEvent) == (event.kind is EventKind.STATE)


def test_a_consumer_ignores_fields_of_a_newer_publisher() -> None:
    event = event_class("wallet.charge_credited.v1")
    newer = {**example(event.type), "means": "card"}
    assert event.model_validate(newer) == event.model_validate(example(event.type))


def test_an_unknown_wire_name_is_refused() -> None:
    with pytest.raises(UnknownEventError):
        event_class("wallet.nothing.v1")


def test_two_classes_cannot_share_a_wire_name() -> None:
    with pytest.raises(TypeError, match=r"wallet\.charge_credited\.v1"):
        type("Again", (Event,), {"type": "wallet.charge_credited.v1", "__module__": __name__})


def test_queue_names_are_unique_and_belong_to_their_service() -> None:
    names = [queue.name for queue in QUEUES]
    assert len(names) == len(set(names))
    assert {queue.lane for queue in queues_of("wallet")} == {"control", "state", "orders", "timers", "calendar"}


def test_a_timer_goes_to_its_asker_only() -> None:
    fired = event_class("scheduler.timer_fired.v1")
    message = fired.model_validate(example(fired.type))
    assert message.routing_key == "scheduler.timer_fired.v1.ordering"
    bound = {queue.service: fired.binding_key(queue.service) for queue in hearers(fired)}
    assert [service for service, key in bound.items() if key == message.routing_key] == ["ordering"]
