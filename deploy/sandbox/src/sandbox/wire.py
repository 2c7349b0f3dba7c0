"""One way in for every vendor: read the call, let faults strike, do the work, write the journal, answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

import orjson
from aiohttp import web

from sandbox.clock import Clock, utc_text
from sandbox.faults import CALL_KINDS, Fault, Faults
from sandbox.journal import Journal
from sandbox.phones import digits
from sandbox.records import Json

BODY_BYTES_MAX = 1024 * 1024
Ending = Literal["answered", "dropped", "hung"]
# A vendor's name for the thing a call is about, under one name, so that faults can be matched across vendors.
ALIASES = {"to": "phone", "phone_no": "phone", "refkey": "key", "tr_id": "key", "orderId": "key"}
SECRET_FIELDS = frozenset({"custom_auth_code", "custom_auth_token", "serviceKey"})


class BadBodyError(Exception):
    """The body is not the JSON object that the vendor's call takes."""


@dataclass(slots=True)
class Call:
    """A call as it came over the wire."""

    method: str
    url: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    _json: Json | None = None
    _form: dict[str, str] | None = None

    @property
    def json(self) -> Json:
        """The body as a JSON object. Raises BadBodyError."""
        if self._json is None:
            try:
                parsed = orjson.loads(self.body)
            except orjson.JSONDecodeError as error:
                raise BadBodyError from error
            if not isinstance(parsed, dict):
                raise BadBodyError
            self._json = parsed
        return self._json

    @property
    def form(self) -> dict[str, str]:
        """The body as form fields; bytes that are no UTF-8 are replaced."""
        if self._form is None:
            text = self.body.decode("utf-8", "replace")
            self._form = dict(parse_qsl(text, keep_blank_values=True))
        return self._form

    def fields(self) -> dict[str, str]:
        """Everything named in the call, as text, with the vendor-neutral names `phone` and `key` beside.

        A call of many messages goes by the first of them, too.
        """
        document = self.document()
        named: dict[str, Any] = {**_first_message(document), **self.query, **self.params, **document}
        flat = {name: str(value) for name, value in named.items() if isinstance(value, str | int)}
        for name, alias in ALIASES.items():
            if name in flat:
                flat.setdefault(alias, digits(flat[name]) if alias == "phone" else flat[name])
        return flat

    def document(self) -> Json:
        """The body's fields, however they were sent; empty when it has none."""
        if self.body[:1] == b"{":
            try:
                return self.json
            except BadBodyError:
                return {}
        is_form = self.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded")
        return dict(self.form) if is_form else {}


def _first_message(document: Json) -> Json:
    messages = document.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    return first if isinstance(first, dict) else {}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the vendor answers. An ending other than "answered" is a caller left in the dark."""

    status: int = 200
    body: Any = None
    content_type: str = "application/json"
    ending: Ending = "answered"
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The bytes on the wire."""
        return self.body if isinstance(self.body, bytes) else orjson.dumps(self.body)

    def then(self, ending: Ending) -> Answer:
        """The same work done, but the caller does not hear of it."""
        return Answer(self.status, self.body, self.content_type, ending, self.headers)


Handler = Callable[[Call], Answer]
Work = Callable[[], Awaitable[Answer]]
Around = Callable[[Call, Work], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Vendor:
    """A vendor's manners: its prefix, how it says that it is broken or too busy, and how it takes no JSON."""

    name: str
    failure: Callable[[int], Any]
    busy: Answer
    bad_body: Answer


@dataclass(frozen=True, slots=True)
class Wire:
    """What every vendor's call passes through."""

    app: web.Application
    clock: Clock
    faults: Faults
    journal: Journal
    hang_seconds: float

    def route(
        self, vendor: Vendor, name: str, call: tuple[str, str], handler: Handler, around: Around | None = None
    ) -> None:
        """Serve a call, given as method and path under the vendor's prefix, by the name that faults use."""

        async def serve(request: web.Request) -> web.StreamResponse:
            return await self._serve(vendor, name, handler, around, request)

        method, path = call
        self.app.router.add_route(method, f"/{vendor.name}{path}", serve)

    async def _serve(
        self, vendor: Vendor, name: str, handler: Handler, around: Around | None, request: web.Request
    ) -> web.StreamResponse:
        call = Call(
            method=request.method,
            url=request.path,
            params=request.match_info,
            query=request.query,
            headers=request.headers,
            body=await request.read(),
        )
        fault = None
        if self.faults:
            fault = self.faults.strike(CALL_KINDS, vendor.name, name, call.fields(), self.clock.now())
        answer = in_front(vendor, fault)
        if answer is None:
            answer = await self._work(vendor, handler, around, call, fault)
            answer = behind(vendor, fault, answer)
        self._write(vendor, name, call, answer, fault)
        return await self._send(request, answer)

    async def _work(
        self, vendor: Vendor, handler: Handler, around: Around | None, call: Call, fault: Fault | None
    ) -> Answer:
        async def work() -> Answer:
            if fault is not None and fault.kind == "delay":
                await asyncio.sleep(fault.delay_seconds)
            if fault is not None and fault.kind in {"inner_error", "page_repeat"}:
                call.form[f"__{fault.kind}"] = fault.code
            try:
                return handler(call)
            except BadBodyError:
                return vendor.bad_body

        return await (work() if around is None else around(call, work))

    def _write(self, vendor: Vendor, name: str, call: Call, answer: Answer, fault: Fault | None) -> None:
        request: Any = {
            field_name: value for field_name, value in call.document().items() if field_name not in SECRET_FIELDS
        }
        entry: dict[str, Any] = {
            "at": utc_text(self.clock.now()),
            "provider": vendor.name,
            "route": name,
            "method": call.method,
            "path": call.url,
            "request": request,
            "status": answer.status,
            "ending": answer.ending,
        }
        if answer.content_type == "application/json" and not isinstance(answer.body, bytes) and name != "token":
            entry["answer"] = answer.body
        if idempotency_key := call.headers.get("Idempotency-Key"):
            entry["idempotency_key"] = idempotency_key
        if fault is not None:
            entry["fault"] = {"fault_id": fault.fault_id, "kind": fault.kind}
        self.journal.add(entry)

    async def _send(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        if answer.ending == "hung":
            await self._silence(request)
        if answer.ending != "answered" and request.transport is not None:
            request.transport.abort()
        return web.Response(
            status=answer.status, body=answer.encoded(), content_type=answer.content_type, headers=answer.headers
        )

    async def _silence(self, request: web.Request) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + self.hang_seconds
        # A caller who goes away sets no event that could be awaited.
        while loop.time() < until and is_connected(request):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def is_connected(request: web.Request) -> bool:
    """Whether the caller still waits."""
    return request.transport is not None and not request.transport.is_closing()


def in_front(vendor: Vendor, fault: Fault | None) -> Answer | None:
    """The answer when trouble strikes before the vendor sees the call; None when the call goes through."""
    if fault is None:
        return None
    if fault.kind == "5xx":
        return Answer(fault.status, vendor.failure(fault.status))
    if fault.kind == "error":
        return Answer(fault.status, fault.body)
    if fault.kind == "rate":
        return vendor.busy
    if fault.kind == "drop_before":
        return Answer(500, ending="dropped")
    return None


def behind(vendor: Vendor, fault: Fault | None, answer: Answer) -> Answer:
    """What the caller gets when trouble strikes after the work was done."""
    if fault is None:
        return answer
    if fault.kind == "drop_after":
        return answer.then("dropped")
    if fault.kind == "hang_after":
        return answer.then("hung")
    if fault.kind == "5xx_after":
        return Answer(fault.status, vendor.failure(fault.status))
    if fault.kind == "malformed":
        return Answer(200, b"<html>Service Temporarily Unavailable", "text/html")
    return answer
