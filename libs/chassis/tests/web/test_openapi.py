"""The OpenAPI document says what happens: rubbish made from it is answered as it says, and never with a 500."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS, load_all_checks, not_a_server_error

load_all_checks()
TRUTHFUL = [
    not_a_server_error,
    *CHECKS.get_by_names(
        [
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
        ]
    ),
]
EXAMPLES = 60


@pytest.mark.parametrize(
    ("port", "mode"),
    [
        ("api", schemathesis.GenerationMode.POSITIVE),
        ("api", schemathesis.GenerationMode.NEGATIVE),
        ("admin", schemathesis.GenerationMode.POSITIVE),
    ],
)
def test_every_operation_answers_as_the_document_says(service: Any, port: str, mode: Any) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", getattr(service.app, port))
    member = service.issuer.headers()
    operator = service.issuer.headers(kind="operator", roles=["admin"], tid=None)
    headers = operator if port == "admin" else member
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def answer(case: Any) -> None:
            case.call_and_validate(headers=headers, checks=TRUTHFUL)

        answer()
        tried += 1
    assert tried >= 3


def test_the_document_names_who_may_call(service: Any) -> None:
    document = service.api.get("/openapi.json").get_json()
    making = document["paths"]["/v1/things"]["post"]
    assert making["security"] == [{"bearer": []}]
    assert making["x-access"] == {"kind": "member", "roles": ["maker"]}
    assert making["operationId"] == "make_thing"
    assert document["paths"]["/v1/failures/{secret}"]["post"]["security"] == []
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_refusal_is_documented_as_a_problem(service: Any) -> None:
    document = service.api.get("/openapi.json").get_json()
    making = document["paths"]["/v1/things"]["post"]
    assert set(making["responses"]) == {"201", "400", "401", "403", "409", "413", "415", "422", "500", "503", "default"}
    for status, response in making["responses"].items():
        if status != "201":
            assert list(response["content"]) == ["application/problem+json"]
    assert "ProblemDocument" in document["components"]["schemas"]
    assert "ValidationErrorModel" not in document["components"]["schemas"]


def test_the_idempotency_key_is_documented_where_it_is_needed(service: Any) -> None:
    document = service.api.get("/openapi.json").get_json()
    (header,) = document["paths"]["/v1/things"]["post"]["parameters"]
    assert (header["name"], header["in"], header["required"]) == ("Idempotency-Key", "header", True)
    assert "Idempotency-Key" not in str(document["paths"]["/v1/things"]["get"])


def test_the_document_of_each_port_holds_its_own_routes(service: Any) -> None:
    assert "/admin/things" not in service.api.get("/openapi.json").get_json()["paths"]
    admin = service.admin.get("/openapi.json").get_json()
    assert {"/admin/things", "/admin/settings", "/healthz/live", "/healthz/ready", "/metrics"} <= set(admin["paths"])
    assert admin["openapi"].startswith("3.1")
