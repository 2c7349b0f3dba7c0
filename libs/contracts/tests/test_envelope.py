"""The envelope is a CloudEvent in structured JSON mode, and gives back the very event that was put in."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from pydantic import ValidationError

from contracts.envelope import Envelope
from contracts.event import Event, event_class
from contracts.every import every_event
from contracts.examples import example

ID = UUID("0192f3a0-7c1e-7000-8000-0000000000aa")


def an_envelope(event: Event) -> Envelope:
    at = datetime(2026, 11, 24, 2, tzinfo=UTC)
    return Envelope.wrap(event, message_id=ID, source="wallet", at=at, correlation_id=ID)


@pytest.mark.parametrize("event", every_event(), ids=lambda event: event.type)
def test_an_event_survives_the_wire(event: type[Event]) -> None:
    message = event.model_validate(example(event.type))
    wire = an_envelope(message).model_dump_json()
    assert Envelope.model_validate_json(wire).open() == message


def test_the_required_attributes_of_a_cloud_event_are_there() -> None:
    event = event_class("wallet.charge_credited.v1")
    wire = an_envelope(event.model_validate(example(event.type))).model_dump(mode="json")
    assert {"specversion", "id", "source", "type"} <= wire.keys()
    assert all(name.isalnum() and name.islower() for name in wire)


def test_a_time_without_a_zone_is_refused() -> None:
    event = event_class("wallet.charge_credited.v1")
    with pytest.raises(ValidationError):
        event.model_validate({**example(event.type), "credited_at": "2026-11-24T02:00:00"})


def test_money_is_whole_and_not_negative() -> None:
    event = event_class("wallet.charge_credited.v1")
    for amount in (-1, 0.5, "100", True):
        with pytest.raises(ValidationError):
            event.model_validate({**example(event.type), "amount_krw": amount})


def test_a_sealed_value_does_not_show_in_a_representation() -> None:
    event = event_class("messaging.send_code.v1")
    message = event.model_validate(example(event.type))
    assert example(event.type)["code"]["ciphertext"] not in repr(message)
