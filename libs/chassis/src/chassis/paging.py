"""Lists in pages: `{items, next_cursor}`, where a cursor is the sort key of the last item, opaque to the client.

A cursor is not signed: it only says where to go on, within what the caller may see anyway.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel, Field

from chassis.problems import FieldError, InvalidRequest

LIMIT_DEFAULT = 50
LIMIT_MAX = 200
CURSOR_LENGTH_MAX = 512
_INTEGER_MAX = 2**63 - 1

CursorPart = UUID | datetime | int | str
_Item = TypeVar("_Item")
_Shown = TypeVar("_Shown")


class PageQuery(BaseModel):
    """The query of a list."""

    cursor: str | None = Field(default=None, max_length=CURSOR_LENGTH_MAX, description="next_cursor of the page before")
    limit: int = Field(default=LIMIT_DEFAULT, ge=1, le=LIMIT_MAX)


def cursor_of(*key: CursorPart) -> str:
    """The cursor that goes on after the item with the sort key."""
    return base64.urlsafe_b64encode(orjson.dumps(key)).decode().rstrip("=")


def read_cursor(cursor: str | None, *kinds: type[CursorPart]) -> tuple[Any, ...] | None:
    """The sort key in a cursor, its parts of the kinds given; None at the start.

    Raises `InvalidRequest` for what is no cursor of this list.
    """
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(parts, list) or len(parts) != len(kinds):
            raise ValueError("other parts")  # noqa: TRY301
        return tuple(_part(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (ValueError, TypeError, binascii.Error):
        error = FieldError("cursor", "이 목록의 커서가 아닙니다.", "It is not a cursor of this list.")
        raise InvalidRequest([error]) from None


def page_of(
    rows: Sequence[_Item],
    limit: int,
    *,
    key: Callable[[_Item], tuple[CursorPart, ...]],
    show: Callable[[_Item], _Shown],
) -> tuple[list[_Shown], str | None]:
    """The items and the next cursor of rows that were asked for with `limit + 1`: one more means another page."""
    shown = list(rows[:limit])
    next_cursor = cursor_of(*key(shown[-1])) if len(rows) > limit and shown else None
    return [show(row) for row in shown], next_cursor


def _part(part: Any, kind: type[CursorPart]) -> CursorPart:
    if kind is int:
        if type(part) is not int or abs(part) > _INTEGER_MAX:
            raise ValueError("no integer")
        return part
    if type(part) is not str or "\x00" in part:
        raise ValueError("no text")
    if kind is UUID:
        return UUID(part)
    if kind is datetime:
        at = datetime.fromisoformat(part)
        if at.tzinfo is None:
            raise ValueError("no zone")
        return at
    return part
