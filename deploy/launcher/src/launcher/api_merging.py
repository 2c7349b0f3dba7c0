"""Several OpenAPI documents into one: names that mean different things in two services get their service's name."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from launcher.words import LauncherError

Document = dict[str, Any]

TITLE = "CoupBiz"
DESCRIPTION = (
    "The REST API of CoupBiz, as the gateway offers it. Refusals are problem documents (RFC 9457) with a stable `code` "
    "and a message in Korean and English; lists are paged by `cursor`; what creates takes an `Idempotency-Key`. "
    "Money is whole won, times are UTC."
)
# What the gateway itself may answer in a service's place, on every route.
DOOR = {
    "429": "Too many requests (`Retry-After`)",
    "502": "The service's answer was lost",
    "504": "The service did not answer in time",
}
PURPOSES = {
    "identity": "Sign-up, sessions, terms, the member (회원)",
    "catalog": "Brands, categories, products (상품)",
    "ordering": "Orders and the recipient's coupons (주문)",
    "wallet": "Charges and the prepaid balance (결제)",
    "messaging": "Message templates (메시지)",
    "scheduler": "Timers (예약)",
    "gateway": "The door itself",
}
_REFERENCE = "#/components/schemas/"
_NOT_FOR_PEOPLE = ("/healthz", "/metrics", "/openapi.json")
"""Paths of the admin port that machines inside the network ask, and the gateway does not forward."""
_FOR_THE_GATEWAY = "/internal/"
"""Paths of which the gateway alone composes its answers. Their schemas are told, for those answers name them."""


def merged(documents: Mapping[str, Document]) -> Document:
    """One document of the services' public ones. Raises LauncherError when two services answer one address."""
    renamed = _renames(documents)
    ids = Counter(operation.get("operationId") for each in documents.values() for operation in _operations(each))
    paths: Document = {}
    schemas: Document = {}
    for service, said in documents.items():
        document = _with_references(said, renamed[service])
        for path, item in document.get("paths", {}).items():
            if path.startswith(_FOR_THE_GATEWAY):
                continue
            if path in paths:
                raise LauncherError(f"{path} is answered by two services, {service} and {_owner(paths[path])}")
            paths[path] = item
        for operation in _operations(document):
            _sign(operation, service, is_common=ids[operation.get("operationId")] > 1)
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            schemas[renamed[service].get(name, name)] = schema
    services = [service for service in documents if service in PURPOSES]
    whole: Document = _with_pieces(_framed(TITLE, DESCRIPTION, paths, schemas, services), schemas, renamed)
    return whole


def admin_document(service: str, document: Document) -> Document:
    """A service's document for operators, with the addresses by which the gateway reaches it."""
    paths = {
        f"/admin/{service}{path.removeprefix('/admin')}": item
        for path, item in document.get("paths", {}).items()
        if not path.startswith(_NOT_FOR_PEOPLE)
    }
    for item in paths.values():
        for operation in item.values():
            _sign(operation, service, is_common=False)
    description = f"What operators may do at {service}, through the gateway, with an operator's token."
    return _framed(
        f"{TITLE}: {service}, for operators",
        description,
        paths,
        document.get("components", {}).get("schemas", {}),
        [service],
    )


def _framed(title: str, description: str, paths: Document, schemas: Document, services: list[str]) -> Document:
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1", "description": description},
        "servers": [{"url": "/"}],
        "tags": [{"name": service, "description": PURPOSES[service]} for service in services],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _sign(operation: Document, service: str, *, is_common: bool) -> None:
    operation["tags"] = [service]
    if is_common and "operationId" in operation:
        operation["operationId"] = f"{service}_{operation['operationId']}"
    refusal = operation.get("responses", {}).get("default", {})
    for status, description in DOOR.items():
        operation["responses"].setdefault(status, {**refusal, "description": description})


def _operations(document: Document) -> Iterator[Document]:
    for item in document.get("paths", {}).values():
        yield from item.values()


def _owner(item: Document) -> str:
    return str(next(iter(item.values()))["tags"][0])


def _renames(documents: Mapping[str, Document]) -> dict[str, dict[str, str]]:
    """For each service, the schemas that need another name: theirs differs from a namesake, or names one that does."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for service, document in documents.items():
        for name, schema in document.get("components", {}).get("schemas", {}).items():
            texts[name][service] = json.dumps(schema, sort_keys=True)
    common = {name: said for name, said in texts.items() if len(said) > 1}
    differing = {name for name, said in common.items() if len(set(said.values())) > 1}
    while True:
        through_others = {
            name
            for name, said in common.items()
            if any(f'"{_REFERENCE}{other}"' in text for text in said.values() for other in differing)
        }
        if through_others <= differing:
            break
        differing |= through_others
    return {
        service: {name: f"{service.capitalize()}{name}" for name in differing if service in common[name]}
        for service in documents
    }


def _with_references(value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed_reference(key, each, renamed) for key, each in value.items()}
    return [_with_references(each, renamed) for each in value] if isinstance(value, list) else value


def _with_pieces(value: Any, schemas: Document, renamed: Mapping[str, Mapping[str, str]]) -> Any:
    """The gateway's pieces (objects of the format `service/Schema`) as references to what their services say."""
    if isinstance(value, list):
        return [_with_pieces(each, schemas, renamed) for each in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") != "object" or not isinstance(value.get("format"), str):
        return {key: _with_pieces(each, schemas, renamed) for key, each in value.items()}
    service, _, name = value["format"].partition("/")
    said = renamed.get(service, {}).get(name, name)
    if said not in schemas:
        raise LauncherError(f"{service} says no {name}, which the gateway's answer is composed of")
    return {"$ref": f"{_REFERENCE}{said}"}


def _renamed_reference(key: str, value: Any, renamed: Mapping[str, str]) -> Any:
    if key == "$ref" and isinstance(value, str):
        name = value.removeprefix(_REFERENCE)
        return f"{_REFERENCE}{renamed.get(name, name)}"
    return _with_references(value, renamed)
