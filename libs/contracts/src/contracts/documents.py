"""The documents made from the contracts: JSON Schema snapshots, the AsyncAPI document, the event catalogue."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from contracts.envelope import CONTENT_TYPE, Envelope
from contracts.event import Event
from contracts.every import every_event
from contracts.examples import example
from contracts.queues import QUEUES, hearers

RELEASE = "1.0.0"


def as_text(document: Mapping[str, Any]) -> str:
    """A document as it is committed: sorted, indented, readable Hangul, one newline at its end."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def json_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each message body, by wire name."""
    return {event.type: event.model_json_schema(mode="serialization") for event in every_event()}


def asyncapi() -> dict[str, Any]:
    """The suite's AsyncAPI 3.0 document: a channel an exchange, a message a class, an operation a direction."""
    events = every_event()
    exchanges = sorted({event.exchange() for event in events})
    models: list[tuple[type[BaseModel], Literal["serialization"]]] = [(event, "serialization") for event in events]
    models.append((Envelope, "serialization"))
    _, definitions = models_json_schema(models, ref_template="#/components/schemas/{model}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "CoupBiz events",
            "version": RELEASE,
            "description": "Every event and command between the services: CloudEvents 1.0 over RabbitMQ.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {exchange: _channel(exchange, events) for exchange in exchanges},
        "operations": {**_sends(exchanges, events), **_receives()},
        "components": {
            "messages": {event.type: _message(event) for event in events},
            "schemas": definitions["$defs"],
        },
    }


def _channel(exchange: str, events: tuple[type[Event], ...]) -> dict[str, Any]:
    here = [event for event in events if event.exchange() == exchange]
    return {
        "address": exchange,
        "messages": {event.type: {"$ref": f"#/components/messages/{event.type}"} for event in here},
        "bindings": {"amqp": {"is": "routingKey", "exchange": {"name": exchange, "type": "topic", "durable": True}}},
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.type,
        "title": event.__name__,
        "summary": event.summary,
        "contentType": CONTENT_TYPE,
        "tags": [{"name": event.kind.value}],
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {"properties": {"data": {"$ref": f"#/components/schemas/{event.__name__}"}}},
            ]
        },
    }


def _sends(exchanges: list[str], events: tuple[type[Event], ...]) -> dict[str, Any]:
    return {
        f"send.{exchange}": {
            "action": "send",
            "channel": {"$ref": f"#/channels/{exchange}"},
            "messages": [
                {"$ref": f"#/channels/{exchange}/messages/{event.type}"}
                for event in events
                if event.exchange() == exchange
            ],
        }
        for exchange in exchanges
    }


def _receives() -> dict[str, Any]:
    operations: dict[str, Any] = {}
    for queue in QUEUES:
        for exchange in sorted({event.exchange() for event in queue.hears}):
            heard = [event for event in queue.hears if event.exchange() == exchange]
            operations[f"receive.{queue.name}.{exchange}"] = {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{exchange}"},
                "messages": [{"$ref": f"#/channels/{exchange}/messages/{event.type}"} for event in heard],
            }
    return operations


def event_catalogue() -> str:
    """The event catalogue as Markdown: event × kind × who hears it × example."""
    lines = [
        "# Event catalogue",
        "",
        "Made from `libs/contracts` by `./coupbiz docs`; do not edit. Kinds: a *state* event carries the whole present",
        "state and its version, older ones are ignored; a *fact* is applied once by its own key, in any order; a",
        "*command* asks one service.",
        "",
        "| event | kind | heard by | what it says |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [`{event.type}`](#{_anchor(event)}) | {event.kind.value} | {_heard_by(event)} | {event.summary} |"
        for event in every_event()
    ]
    for event in every_event():
        body = as_text(example(event.type)).rstrip()
        lines += ["", f"## {event.type}", "", _first_paragraph(event), "", "```json", body, "```"]
    return "\n".join(lines) + "\n"


def _anchor(event: type[Event]) -> str:
    return event.type.replace(".", "")


def _heard_by(event: type[Event]) -> str:
    return ", ".join(f"`{queue.name}`" for queue in hearers(event)) or "nobody yet"


def _first_paragraph(event: type[Event]) -> str:
    return " ".join((event.__doc__ or "").split("\n\n", 1)[0].split())
