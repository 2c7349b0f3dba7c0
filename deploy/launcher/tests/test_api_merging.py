"""Several OpenAPI documents become one that says the same."""

from __future__ import annotations

from typing import Any

import pytest

from launcher.api_merging import admin_document, merged
from launcher.words import LauncherError


def a_document(path: str, operation_id: str = "show", **schemas: Any) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Answer"}
    refusal = {"description": "A refusal", "content": {"application/problem+json": {"schema": {"type": "object"}}}}
    operation = {
        "operationId": operation_id,
        "responses": {"200": {"content": {"application/json": {"schema": reference}}}, "default": refusal},
    }
    return {"paths": {path: {"get": operation}}, "components": {"schemas": schemas}}


def reference_of(document: dict[str, Any], path: str) -> str:
    content = document["paths"][path]["get"]["responses"]["200"]["content"]
    return str(content["application/json"]["schema"]["$ref"]).rpartition("/")[2]


def test_a_schema_that_all_mean_alike_stands_once() -> None:
    both = {
        "identity": a_document("/a", Answer={"type": "object"}),
        "wallet": a_document("/b", Answer={"type": "object"}),
    }
    document = merged(both)
    assert list(document["components"]["schemas"]) == ["Answer"]
    assert reference_of(document, "/a") == reference_of(document, "/b") == "Answer"


def test_a_schema_that_two_mean_differently_gets_their_names() -> None:
    both = {
        "identity": a_document("/a", Answer={"type": "object"}),
        "wallet": a_document("/b", Answer={"type": "string"}),
    }
    document = merged(both)
    assert document["components"]["schemas"] == {
        "IdentityAnswer": {"type": "object"},
        "WalletAnswer": {"type": "string"},
    }
    assert reference_of(document, "/a") == "IdentityAnswer"
    assert reference_of(document, "/b") == "WalletAnswer"


def test_a_piece_of_a_composed_answer_is_what_its_service_says_and_its_own_address_is_not_told() -> None:
    piece = {"type": "object", "format": "wallet/Answer"}
    parts = {
        "wallet": a_document("/internal/pieces", Answer={"type": "string"}),
        "gateway": a_document("/a", Answer={"properties": {"wallet": {"anyOf": [piece, {"type": "null"}]}}}),
    }
    document = merged(parts)
    assert list(document["paths"]) == ["/a"]
    composed = document["components"]["schemas"][reference_of(document, "/a")]
    reference = {"$ref": "#/components/schemas/WalletAnswer"}
    assert composed["properties"]["wallet"] == {"anyOf": [reference, {"type": "null"}]}
    assert document["components"]["schemas"]["WalletAnswer"] == {"type": "string"}


def test_a_piece_that_no_service_says_is_named() -> None:
    piece = {"type": "object", "format": "wallet/Answer"}
    with pytest.raises(LauncherError, match="wallet says no Answer"):
        merged({"gateway": a_document("/a", Other=piece)})


def test_what_names_a_renamed_schema_is_renamed_as_well() -> None:
    answer = {"properties": {"state": {"$ref": "#/components/schemas/State"}}}
    both = {
        "identity": a_document("/a", Answer=answer, State={"enum": ["open"]}),
        "wallet": a_document("/b", Answer=answer, State={"enum": ["paid"]}),
    }
    schemas = merged(both)["components"]["schemas"]
    assert schemas["WalletAnswer"]["properties"]["state"]["$ref"] == "#/components/schemas/WalletState"
    assert schemas["IdentityAnswer"]["properties"]["state"]["$ref"] == "#/components/schemas/IdentityState"


def test_each_operation_carries_its_service_and_what_the_door_may_answer() -> None:
    document = merged({"identity": a_document("/a"), "wallet": a_document("/b")})
    operation = document["paths"]["/b"]["get"]
    assert operation["tags"] == ["wallet"]
    assert operation["operationId"] == "wallet_show"
    assert {"429", "502", "504"} <= operation["responses"].keys()


def test_an_address_that_two_services_answer_is_refused() -> None:
    with pytest.raises(LauncherError, match="/a is answered by two services"):
        merged({"identity": a_document("/a"), "wallet": a_document("/a")})


def test_an_operators_document_has_the_gateways_addresses_and_nothing_for_machines() -> None:
    document = a_document("/admin/outbox")
    document["paths"] |= a_document("/metrics")["paths"] | a_document("/healthz/live")["paths"]
    assert list(admin_document("wallet", document)["paths"]) == ["/admin/wallet/outbox"]
