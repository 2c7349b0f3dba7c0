"""Reading what a request carries, strictly: what PostgreSQL cannot store is refused before anybody sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson
from flask import Request
from pydantic import BaseModel, ConfigDict

from chassis.problems import BodyTooLarge, FieldError, InvalidRequest, MalformedJson, UnsupportedMediaType

JSON = "application/json"
MULTIPART = "multipart/form-data"
FIELD_ERRORS_MAX = 50

_NUL_ESCAPED = b"\\u0000"


class RequestBody(BaseModel):
    """The base of JSON bodies: no number for a string's digits, no unknown field, nothing changed afterwards."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class StrictRequest(Request):
    """A request whose JSON is checked before it is used, and whose errors are refusals instead of None."""

    def get_data(self, *args: Any, **kwargs: Any) -> Any:
        """The body. Raises `BodyTooLarge`, also for a chunked one, which werkzeug would cut off at the limit."""
        data = super().get_data(*args, **kwargs)
        bytes_max = self.max_content_length
        is_chunked = self.content_length is None
        if is_chunked and bytes_max is not None and len(data) >= bytes_max and self.environ["wsgi.input"].read(1):
            raise BodyTooLarge(bytes_max)
        return data

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002
        """The body's value; asked silently, its checked text.

        flask-openapi3 asks silently and lets pydantic read text by itself when it is given text. That is wanted:
        pydantic's JSON mode takes a string for a UUID and yet no string for an integer, and is the faster one.
        Raises `UnsupportedMediaType`, `MalformedJson`, `InvalidRequest`.
        """
        if not self.is_json:
            raise UnsupportedMediaType(JSON)
        raw: bytes = self.get_data()
        value = read_json(raw)
        return raw.decode() if silent else value


def read_json(raw: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises `MalformedJson`; `InvalidRequest` for unsound strings."""
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError:
        # orjson counts a lone surrogate as broken JSON. By the grammar it is a valid text with a bad string in it.
        refuse_unsound_text(_lenient(raw))
        raise MalformedJson from None
    if _NUL_ESCAPED in raw:
        refuse_unsound_text(value)
    return value


def write_json(value: Any, *, sort_keys: bool = False) -> bytes:
    """A value as JSON text in UTF-8, whole numbers of any size included: pydantic reads them, so they come back."""
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_SORT_KEYS if sort_keys else None)
    except orjson.JSONEncodeError:  # orjson stops at 64 bits.
        return json.dumps(value, default=str, sort_keys=sort_keys, ensure_ascii=False).encode()


def refuse_unsound_text(value: Any, prefix: str = "") -> None:
    """Raise `InvalidRequest` when a string inside holds NUL or half of a surrogate pair."""
    errors = []
    for path in _unsound_paths(value, prefix):
        errors.append(FieldError(path, "쓸 수 없는 문자가 들어 있습니다.", "It holds a character that cannot be used."))
        if len(errors) == FIELD_ERRORS_MAX:
            break
    if errors:
        raise InvalidRequest(errors)


def refuse_unsound_form(request: Request) -> None:
    """Raise `InvalidRequest` when a part of a multipart form has no name, or its text cannot be stored."""
    if None in request.form or None in request.files:
        raise InvalidRequest([FieldError("", "이름이 없는 항목이 있습니다.", "A part has no name.")])
    refuse_unsound_text(request.form.to_dict(flat=False))


def is_sound(text: str) -> bool:
    """Whether the text can be stored: no NUL, no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _unsound_paths(value: Any, prefix: str) -> Iterator[str]:
    waiting: list[tuple[str, Any]] = [(prefix, value)]
    while waiting:
        path, part = waiting.pop()
        if isinstance(part, str):
            if not is_sound(part):
                yield path
        elif isinstance(part, dict):
            for name, inner in part.items():
                if not is_sound(name):
                    yield path
                    continue
                waiting.append((f"{path}.{name}" if path else name, inner))
        elif isinstance(part, list):
            waiting.extend((f"{path}.{index}" if path else str(index), inner) for index, inner in enumerate(part))


def _lenient(raw: bytes) -> Any:
    def refuse(constant: str) -> Any:
        raise MalformedJson(constant)

    try:
        return json.loads(raw.decode(), parse_constant=refuse)
    except (ValueError, RecursionError):
        raise MalformedJson from None
