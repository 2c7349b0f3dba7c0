"""What flask-openapi3 cannot know of a route: who may call it, and that everything refused is a problem document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from chassis.access import access_of
from chassis.idempotency import HEADER, KEY_LENGTH_MAX, is_keyed
from chassis.problems import MEDIA_TYPE

_PARAMETER = re.compile(r"<(?:[^<:>]+:)?([^<>]+)>")


class Message(BaseModel):
    """A text for people, in both languages."""

    ko: str
    en: str


class FieldProblem(BaseModel):
    """What is wrong with one field; its path is written with dots."""

    field: str
    ko: str
    en: str


class ProblemDocument(BaseModel):
    """A refusal (RFC 9457). `code` is stable; some kinds carry members of their own besides."""

    type: str = Field(examples=["urn:problem:not_found"])
    title: str
    status: int
    detail: str
    code: str = Field(examples=["not_found"])
    message: Message
    correlation_id: str
    errors: list[FieldProblem] | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one rule, and its view."""

    rule: str
    method: str
    view: Callable[..., Any]

    @property
    def path(self) -> str:
        """The rule as OpenAPI writes it: `/v1/orders/{order_id}`."""
        return _PARAMETER.sub(r"{\1}", self.rule)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the path's parameters."""
        return tuple(_PARAMETER.findall(self.rule))


def complete(document: dict[str, Any], routes: Sequence[Route]) -> None:
    """Make the document of an app tell the truth, in place."""
    names = Counter(route.view.__name__ for route in routes)
    for route in routes:
        operation = document["paths"].get(route.path, {}).get(route.method.lower())
        if operation is None:
            continue
        if names[route.view.__name__] == 1:
            operation["operationId"] = route.view.__name__
        if "description" in operation:
            operation["description"] = operation["description"].replace("<br/>", "\n").strip()
        _complete_parameters(operation, route)
        _complete_access(operation, route)
        _complete_responses(operation, route)


def _complete_parameters(operation: dict[str, Any], route: Route) -> None:
    parameters: list[dict[str, Any]] = operation.setdefault("parameters", [])
    documented = {parameter["name"] for parameter in parameters}
    parameters.extend(
        {"name": name, "in": "path", "required": True, "schema": _path_schema(route, name)}
        for name in route.parameters
        if name not in documented
    )
    if is_keyed(route.view) and HEADER not in documented:
        schema = {"type": "string", "minLength": 1, "maxLength": KEY_LENGTH_MAX, "pattern": "^[!-~]+$"}
        parameters.append({"name": HEADER, "in": "header", "required": True, "schema": schema})
    if not parameters:
        del operation["parameters"]


def _path_schema(route: Route, name: str) -> dict[str, Any]:
    if f"<uuid:{name}>" in route.rule:
        return {"type": "string", "format": "uuid"}
    return {"type": "integer"} if f"<int:{name}>" in route.rule else {"type": "string"}


def _complete_access(operation: dict[str, Any], route: Route) -> None:
    access = access_of(route.view)
    if access is None or access.is_public:
        operation["security"] = []
        return
    operation["security"] = [{"bearer": []}]
    operation["x-access"] = {"kind": access.kind, "roles": sorted(access.roles)}


def _complete_responses(operation: dict[str, Any], route: Route) -> None:
    responses: dict[str, Any] = operation.setdefault("responses", {})
    responses.pop("422", None)
    if not any(status.startswith(("2", "3")) for status in responses):
        responses["200"] = {"description": HTTPStatus.OK.phrase}
    for status, response in responses.items():
        if status.isdigit() and int(status) >= HTTPStatus.BAD_REQUEST:
            response["content"] = {MEDIA_TYPE: _schema_of(response)}
    for refused in sorted(_refused_with(operation, route)):
        responses.setdefault(str(refused), _problem(HTTPStatus(refused).phrase))
    # Every domain has refusals of its own; whatever they are, this is their form.
    responses["default"] = _problem("A refusal")


def _refused_with(operation: dict[str, Any], route: Route) -> set[int]:
    statuses = {400, 500, 503}
    if operation.get("security"):
        statuses |= {401, 403}
    if route.parameters:
        statuses.add(404)
    if operation.get("requestBody"):
        statuses |= {413, 415, 422}
    if operation.get("parameters"):
        statuses.add(422)
    if is_keyed(route.view):
        statuses |= {409, 422}
    return statuses


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


def _schema_of(response: dict[str, Any]) -> dict[str, Any]:
    for media_type in response.get("content", {}).values():
        if "schema" in media_type:
            return dict(media_type)
    content: dict[str, Any] = _problem("")["content"][MEDIA_TYPE]
    return content
