"""The committed documents say what the models say, and a change that would break a reader is seen."""

import copy
from typing import Any

import pytest

from contracts.__main__ import incompatible, stale
from contracts.compatibility import breaking_changes
from contracts.documents import asyncapi, json_schemas
from contracts.every import every_event


def test_the_committed_documents_are_current() -> None:
    assert stale() == [], "run ./coupbiz docs"


def test_nothing_breaks_against_the_committed_schemas() -> None:
    assert incompatible() == []


def a_schema() -> dict[str, Any]:
    return copy.deepcopy(json_schemas()["ordering.order_placed.v1"])


def test_an_optional_field_may_come() -> None:
    grown = a_schema()
    grown["properties"]["remark"] = {"type": "string", "default": ""}
    assert breaking_changes(a_schema(), grown) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda schema: schema["properties"].pop("recipients"), "$.recipients: would go"),
        (lambda schema: schema["required"].remove("amount_krw"), "$.amount_krw"),
        (lambda schema: schema["properties"]["amount_krw"].update(type="string"), "$.amount_krw: type"),
        (lambda schema: schema["$defs"]["OrderType"]["enum"].remove("choice"), "enum would lose choice"),
        (lambda schema: schema["properties"]["amount_krw"].update(minimum=1000), "minimum"),
        (lambda schema: schema["required"].append("remark"), "$.remark: would become required"),
    ],
)
def test_a_change_that_breaks_a_reader_is_named(change: Any, said: str) -> None:
    changed = a_schema()
    changed["properties"]["remark"] = {"type": "string"}
    before = copy.deepcopy(changed)
    change(changed)
    assert any(said in line for line in breaking_changes(before, changed))


def test_every_event_stands_in_the_asyncapi_document() -> None:
    document = asyncapi()
    assert set(document["components"]["messages"]) == {event.type for event in every_event()}
    references = {
        reference["$ref"].rsplit("/", 1)[-1]
        for operation in document["operations"].values()
        for reference in operation["messages"]
    }
    assert references == set(document["components"]["messages"])
