"""Rubbish for every route of the API, made from its own description: a new route gets its share by itself."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

API_DOCUMENTS = Path(__file__).parents[2] / "docs" / "api"
METHODS = frozenset({"get", "put", "post", "delete", "patch"})
JSON = "application/json"

UNKNOWN_ID = str(uuid.UUID(int=7))
WRONG_SEGMENTS = ("not-an-id", UNKNOWN_ID, "%00", "9" * 400, "%F0%9F%92%A9", "..%2F..%2Fetc%2Fpasswd")
WRONG_QUERIES = ("", "%00", "-1", "9" * 400, "1e400", "%F0%9F%92%A9", "'%3B--", "%FF%FE")
WRONG_VALUES: tuple[Any, ...] = (
    None,
    True,
    [],
    {},
    -1,
    0.5,
    10**30,
    "",
    "\x00",
    "\ud83d",
    "x" * 50_000,
    "💥<script>",
    [[["x"]]],
    {"x": None},
)
WRONG_BODIES = {
    "nothing": b"",
    "half an object": b'{"a": ',
    "a list": b"[]",
    "null": b"null",
    "a number beyond numbers": b"1e999",
    "a NUL": b'"\\u0000"',
    "no text": b"\xff\xfe\x00",
    "a deep nest": b"[" * 50_000,
    "twice the key": b'{"a": 1, "a": 2}',
}


MADE_BY_ID = frozenset({"/admin/messaging/templates/{template_id}"})
"""Where an id that nobody knows yet is a new thing's."""


@dataclass(frozen=True)
class Operation:
    """One route by one method."""

    method: str
    path: str
    described: Mapping[str, Any] = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def needs_caller(self) -> bool:
        """Whether somebody must be logged in."""
        return bool(self.described.get("security"))

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """Of the JSON body, when there is one."""
        body = self.described.get("requestBody", {}).get("content", {}).get(JSON)
        return None if body is None else body["schema"]

    def names(self, place: str) -> list[str]:
        """The parameters in `path` or `query`."""
        return [each["name"] for each in self.described.get("parameters", []) if each["in"] == place]

    def filled(self, **values: str) -> str:
        """The path with unknown ids for what is not given."""
        unknown = {name: str(uuid.uuid4()) for name in self.names("path")}
        return self.path.format(**(unknown | values))


@dataclass(frozen=True)
class Call:
    """One request. `refused` says that nothing but a 4xx can be right."""

    why: str
    address: str
    content: bytes | None = None
    content_type: str = JSON
    token: str | None = None
    """None is the caller's own."""
    refused: bool = True


def operations(pattern: str) -> list[Operation]:
    """Every operation of the documents whose file's name is of the pattern."""
    found = []
    for file in sorted(API_DOCUMENTS.glob(pattern)):
        document = json.loads(file.read_text(encoding="utf-8"))
        for path, methods in document["paths"].items():
            found += [
                Operation(method.upper(), path, described, document)
                for method, described in methods.items()
                if method in METHODS
            ]
    return found


def rubbish(operation: Operation, foreign_ids: Mapping[str, str]) -> Iterator[Call]:
    """What nobody should send; `foreign_ids` are those of another company, by the parameter's name."""
    if operation.needs_caller:
        yield Call("no token", operation.filled(), token="")
        yield Call("a token that is none", operation.filled(), token="eyJhbGciOiJub25lIn0.e30.")
    for name in operation.names("path"):
        for wrong in WRONG_SEGMENTS:
            makes = wrong == UNKNOWN_ID and operation.path in MADE_BY_ID
            # What is made here stays unknown to the other routes.
            address = operation.filled() if makes else operation.filled(**{name: wrong})
            yield Call(f"{name}={wrong[:20]}", address, _sample_of(operation), refused=not makes)
        if name in foreign_ids:
            foreign = operation.filled(**{name: foreign_ids[name]})
            yield Call(f"another company's {name}", foreign, _sample_of(operation))
    for name in operation.names("query"):
        for wrong in WRONG_QUERIES:
            yield Call(f"?{name}={wrong[:20]}", f"{operation.filled()}?{name}={wrong}", refused=False)
    if operation.schema is not None:
        yield from _bodies(operation, operation.schema)


def _bodies(operation: Operation, schema: Mapping[str, Any]) -> Iterator[Call]:
    for why, content in WRONG_BODIES.items():
        yield Call(why, operation.filled(), content)
    yield Call("no JSON", operation.filled(), b"a=b", content_type="text/plain")
    sample = _sample(schema, operation.document)
    for name in sample:
        for wrong in WRONG_VALUES:
            content = json.dumps({**sample, name: wrong}).encode()
            yield Call(f"{name} is {wrong!r:.20}", operation.filled(), content, refused=False)


def _sample_of(operation: Operation) -> bytes | None:
    if operation.schema is None:
        return None
    return json.dumps(_sample(operation.schema, operation.document)).encode()


def _sample(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """A value of the schema's shape, though not of its rules."""
    if "$ref" in schema:
        return _sample(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return _sample(schema[choice][0], document)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    made: dict[str, Callable[[], Any]] = {
        "object": lambda: {name: _sample(each, document) for name, each in schema.get("properties", {}).items()},
        "array": lambda: [_sample(schema.get("items", {}), document)],
        "integer": lambda: schema.get("minimum", 1),
        "number": lambda: schema.get("minimum", 1),
        "boolean": lambda: True,
        "string": lambda: str(uuid.uuid4()) if schema.get("format") == "uuid" else "x",
    }
    return made.get(schema.get("type", "string"), lambda: None)()
