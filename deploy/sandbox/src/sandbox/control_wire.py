"""How the control plane reads and answers: JSON both ways, a bad request is a 400 that says why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import orjson
from aiohttp import web

from sandbox.journal import PAGE_ROWS_MAX
from sandbox.records import Json
from sandbox.supplier_stock import SupplierError
from sandbox.toss_codes import TossError

ControlHandler = Callable[[web.Request], Awaitable[Any]]


class ControlError(Exception):
    """The control plane's caller asked for something that cannot be."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def control(app: web.Application, method: str, path: str, handler: ControlHandler) -> None:
    """Serve a control call under /__sim."""

    async def serve(request: web.Request) -> web.Response:
        try:
            return reply(await handler(request))
        except ControlError as error:
            return reply({"error": error.message}, error.status)
        except (TossError, SupplierError) as error:
            return reply({"error": str(error), "code": error.code}, 409)

    app.router.add_route(method, f"/__sim{path}", serve)


def reply(body: Any, status: int = 200) -> web.Response:
    """JSON."""
    return web.Response(status=status, body=orjson.dumps(body), content_type="application/json")


async def read(request: web.Request) -> Any:
    """The body as JSON; an empty one is an empty object. Raises ControlError."""
    raw = await request.read()
    try:
        return orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise ControlError(f"no JSON: {error}") from error


async def read_object(request: web.Request) -> Json:
    """The body as a JSON object. Raises ControlError."""
    body = await read(request)
    if not isinstance(body, dict):
        raise ControlError("a JSON object is expected")
    return body


async def read_rows(request: web.Request) -> list[Json]:
    """The body as a list of JSON objects; a single object is a list of one. Raises ControlError."""
    body = await read(request)
    rows = body if isinstance(body, list) else [body]
    if not all(isinstance(row, dict) for row in rows):
        raise ControlError("a list of JSON objects is expected")
    return rows


def wanted_text(body: Json, name: str) -> str:
    """A required text. Raises ControlError."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise ControlError(f"{name} is missing")
    return value


def number_in(body: Json, name: str) -> float:
    """A required number. Raises ControlError."""
    value = body.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ControlError(f"{name} is no number")
    return float(value)


def page_query(request: web.Request) -> tuple[int, int]:
    """`after` and `limit` of a paged read. Raises ControlError."""
    after, limit = request.query.get("after", "0"), request.query.get("limit", "100")
    if not after.isdigit() or not limit.isdigit() or not 0 < int(limit) <= PAGE_ROWS_MAX:
        raise ControlError(f"after is a place from 0, limit is 1 to {PAGE_ROWS_MAX}")
    return int(after), int(limit)


def paged(rows: Sequence[Any], after: int, limit: int, shown: Callable[[Any], Json]) -> Json:
    """Some rows and the `after` of the next page, or None."""
    end = after + limit
    return {
        "items": [shown(row) for row in rows[after:end]],
        "next": end if end < len(rows) else None,
        "total": len(rows),
    }
